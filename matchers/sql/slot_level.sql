-- Whether each candidate has a record of the slot already: free, taken, or taken_here (in the very
-- unit of the open record, which cannot be twice).
select
    pair.record_id, pair.role, pair.person_id, pair.dataset, pair.age_band,
    case
        when bool_or(holder.unit = pair.unit) then 'taken_here'
        when count(holder.person_id) > 0 then 'taken'
        else 'free'
    end as level
from work.pair as pair
left join work.slot_holder as holder
    on holder.slot = pair.slot and holder.person_id = pair.person_id
where pair.slot is not null
group by all
