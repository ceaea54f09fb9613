-- The records without a usable number, each with what it says (work.saying).
select
    cast(row_number() over (order by told.record_id, role) as integer) as open_id,
    told.record_id, dataset, role, is_set_aside, is_for_review, told.slot, saying_id
from (
    select dataset, role, is_set_aside, is_for_review, saying_id, unnest(spoken) as told
    from work.saying
) as spoken
