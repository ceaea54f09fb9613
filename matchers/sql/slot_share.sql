-- How often people of an age have such a record already: u of the comparison. Names that several
-- bear tell, for most of their bearers are not the one the record speaks of.
with namesake as (
    select record_id, role
    from work.slot_level
    group by record_id, role
    having count(*) >= 4
)

select
    slot.dataset, slot.age_band,
    (count(*) filter (where slot.level = 'free') + 1.0) / (count(*) + 2.0) as free_share
from work.slot_level as slot
join namesake on namesake.record_id = slot.record_id and namesake.role = slot.role
group by slot.dataset, slot.age_band
