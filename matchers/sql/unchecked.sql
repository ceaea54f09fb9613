-- Whom a set-aside row speaks of, or may: they are not checked in that dataset. By the number, under
-- whatever name; else by who fits at all.
with spoken_of as (
    select record_id, dataset, person_id
    from work.number_pair
    where is_set_aside
    union
    select pair.record_id, pair.dataset, pair.person_id
    from linked.weighed_pair as pair
    join work.open_record as record
        on record.record_id = pair.record_id and record.role = pair.role
    where record.is_set_aside and pair.posterior >= $may_speak
)

select distinct spoken_of.dataset, spoken_of.person_id, set_aside.reason
from spoken_of
join clean.set_aside as set_aside
    on set_aside.record_id = spoken_of.record_id and set_aside.dataset = spoken_of.dataset
order by spoken_of.dataset, spoken_of.person_id, reason
