-- What is weighed at once: the open records (open_ids) that say the same, presume the same, and of whose slots the same
-- candidates have a record already. An employer's slip stands in every month's row; it is weighed once and
-- not for every month. weighing_id is the open_id of the first of them, records how many they are.
with told_apart as (
    select
        held.open_id,
        list(cast(held.person_id as varchar) || held.is_here order by held.person_id) as holders
    from work.slot_held as held
    join work.saying as saying on saying.saying_id = held.saying_id
    -- what is said without any number is said of one person: who has another unit's month has all (slot_level.sql)
    where held.is_here or saying.id_text is not null
    group by held.open_id
)

select
    min(record.open_id) as weighing_id, record.saying_id, record.slot is not null as has_slot,
    count(*) as records, list(record.open_id) as open_ids
from work.open_record as record
left join work.presumed as presumed on presumed.open_id = record.open_id
left join told_apart on told_apart.open_id = record.open_id
group by
    record.saying_id, record.slot is not null, presumed.cell, told_apart.holders,
    -- each pension began in a month of its own
    case when presumed.standing = 'pensioned' then record.open_id end
