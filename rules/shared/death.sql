-- One row for each person with a death record dated on or before the as-of date (shared.death_record).
-- is_certain: what rule `deceased` grades flag: a certain, dated record, and no activity more than 30
-- days after it. Such persons leave the heads, and their incomes, vehicles and property do not count.
with later as (
    select person_id, max(activity_date) as last_activity_date
    from shared.late_activity
    group by person_id
)

select
    death.person_id, death.death_date,
    death.has_certain_link and later.person_id is null as is_certain,
    later.last_activity_date
from shared.death_record as death
left join later on later.person_id = death.person_id
order by death.person_id
