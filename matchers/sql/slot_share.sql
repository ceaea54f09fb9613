-- How often people of an age have such a record already: u of the comparison. Names that several
-- bear tell, for most of their bearers are not the one the record speaks of. Of those insured as employees hardly
-- one is without an employer who pays: that is counted apart, and without those whom the records speak of.
with namesake as (
    select slot.weighing_id, any_value(slot.dataset) as dataset, any_value(slot.records) as records
    from work.slot_level as slot
    anti join work.standing_block as block on block.saying_id = slot.saying_id
    group by slot.weighing_id
    having count(*) >= 4
),

counted as (
    select
        slot.dataset, slot.is_employee, slot.age_band, sum(slot.records) as persons,
        coalesce(sum(slot.records) filter (where slot.level = 'free'), 0) as free_persons
    from work.slot_level as slot
    join namesake on namesake.weighing_id = slot.weighing_id
    group by slot.dataset, slot.is_employee, slot.age_band
),

-- of each record one candidate is spoken of, as often an employee as those of sure records are
spoken_of as (
    select
        namesake.dataset,
        sum(namesake.records) * any_value(fit.having_it / fit.records) as persons
    from namesake
    cross join (
        select sum(having_it) as having_it, greatest(sum(records), 1) as records
        from work.standing_fit
        where standing = 'employee'
    ) as fit
    group by namesake.dataset
),

employed as (
    select
        counted.dataset,
        (
            least(
                greatest(sum(counted.free_persons) - any_value(spoken_of.persons), 0) + 4.0,
                sum(counted.free_persons) + 4.0
            )
        ) / (greatest(sum(counted.persons) - any_value(spoken_of.persons), 0) + 20.0) as free_share
    from counted
    join spoken_of on spoken_of.dataset = counted.dataset
    where counted.is_employee
    group by counted.dataset
)

select
    counted.dataset, counted.is_employee, counted.age_band,
    case
        when counted.is_employee then least(greatest(employed.free_share, 0.02), 0.98)
        else (counted.free_persons + 1.0) / (counted.persons + 2.0)
    end as free_share
from counted
left join employed on employed.dataset = counted.dataset
