-- The records without a usable number, each with what it says (work.saying).
with spoken as (
    select dataset, role, is_set_aside, is_for_review, saying_id, unnest(spoken) as record_id
    from work.saying
)

select
    cast(row_number() over (order by spoken.record_id, spoken.role) as integer) as open_id,
    spoken.record_id, spoken.dataset, spoken.role, spoken.is_set_aside, spoken.is_for_review,
    told.slot, spoken.saying_id
from spoken
join work.told as told on told.record_id = spoken.record_id and told.role = spoken.role
