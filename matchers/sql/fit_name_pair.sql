-- Training pairs reached by an equal name: from these everything but the name is learned. Names with
-- more bearers than are compared for the name alone stay out: their pairs were reached by something
-- else as well. others: how many other persons of that name the record is compared with.
with said as (
    select distinct saying_id
    from work.pair
    where name_level in ('same', 'former')
        and name_key in (select name_key from work.person_name where bearers <= $name_cap)
),

eligible as (
    select record.open_id, record.record_id, record.role, record.saying_id
    from work.open_record as record
    join said on said.saying_id = record.saying_id
),

sampled as (
    select open_id, record_id, role, saying_id
    from eligible
    order by hash(record_id, role, $seed), record_id, role
    limit $sample
),

weighed as (
    select weighing_id, unnest(open_ids) as open_id
    from work.weighing
)

select
    sampled.record_id, sampled.role, pair.person_id, pair.number_level as number,
    case when not pair.has_birth and pair.birth_level <> 'unknown'
        then 'number_' || pair.birth_level else pair.birth_level
    end as birth,
    pair.township_level as township, pair.address_level as address, pair.case_level as case,
    pair.kin_level as kin, pair.unit_level as unit, pair.death_level as death,
    coalesce(slot.level, 'unknown') as slot,
    case count(*) over (partition by sampled.record_id, sampled.role)
        when 1 then 'none' when 2 then 'one' when 3 then 'few' when 4 then 'few' else 'many'
    end as others
from work.pair as pair
join sampled on sampled.saying_id = pair.saying_id
left join weighed on weighed.open_id = sampled.open_id
left join work.slot_level as slot
    on slot.weighing_id = weighed.weighing_id and slot.person_id = pair.person_id
where pair.name_level in ('same', 'former')
order by sampled.record_id, sampled.role, pair.person_id
