-- The rows of civil affairs about these cases ($cases), and one row each of the newest months of payments and
-- contributions: by these the rules know which months count.
select record_id
from clean.household
where case_no in (select unnest($cases))
union all
select record_id
from clean.member
where case_no in (select unnest($cases))
union all
select record_id
from clean.payment
where case_no in (select unnest($cases))
union all
select record_id
from checking.newest_row
order by record_id
