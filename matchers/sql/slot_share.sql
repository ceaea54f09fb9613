-- How often people of an age have such a record already: u of the comparison. Names that several
-- bear tell, for most of their bearers are not the one the record speaks of.
with namesake as (
    select open_id
    from work.slot_level
    group by open_id
    having count(*) >= 4
)

select
    slot.dataset, slot.age_band,
    (count(*) filter (where slot.level = 'free') + 1.0) / (count(*) + 2.0) as free_share
from work.slot_level as slot
join namesake on namesake.open_id = slot.open_id
group by slot.dataset, slot.age_band
