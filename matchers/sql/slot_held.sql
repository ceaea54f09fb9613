-- Candidates who have a record of an open record's slot already; is_here: in the very unit of the open
-- record, which cannot be twice.
select
    record.open_id, record.saying_id, pair.person_id,
    coalesce(bool_or(holder.unit = pair.unit), false) as is_here
from work.open_record as record
join work.pair as pair on pair.saying_id = record.saying_id
join work.slot_holder as holder
    on holder.slot = record.slot and holder.person_id = pair.person_id
where record.slot is not null
group by record.open_id, record.saying_id, pair.person_id
