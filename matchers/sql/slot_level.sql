-- Whether each candidate has a record of the slot already: free, taken, or taken_here (in the very
-- unit of the open record, which cannot be twice).
select
    record.open_id, record.record_id, record.role, pair.person_id, pair.dataset, pair.age_band,
    case
        when bool_or(holder.unit = pair.unit) then 'taken_here'
        when count(holder.person_id) > 0 then 'taken'
        else 'free'
    end as level
from work.open_record as record
join work.pair as pair on pair.saying_id = record.saying_id
left join work.slot_holder as holder
    on holder.slot = record.slot and holder.person_id = pair.person_id
where record.slot is not null
group by all
