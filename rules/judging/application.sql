-- The cases of this world that are applications put as cases, with the date of their rows
-- (rules/household/as_household.sql gives these negative ids). A night has none.
select case_no, business_date
from clean.household
where record_id < 0
order by case_no
