-- Each pair with the match weight of every comparison, in bits (log2 of m over u), and their sum.
-- u of a name is how often it is met; of a township, an address or a unit, how many people it has.
with measure as (
    select count(*) as persons from linked.person
),

township as (
    select township_code, count(*) / any_value(measure.persons) as share
    from linked.person
    cross join measure
    group by township_code
),

inhabited as (
    select address_key, count(distinct person_id) as inhabitants
    from work.lived_at
    group by address_key
),

met as (
    select
        pair.*,
        case
            when pair.name_level in ('same', 'spacing', 'swapped', 'former') then
                greatest(coalesce(frequency.expected_bearers, 0.2), 0.2) / measure.persons
            else name.u * coalesce(surname.bearers, 1) / measure.persons
        end as name_u,
        case
            when pair.township_level = 'same' then coalesce(township.share, 1)
            else coalesce(township_level.u, 1)
        end as township_u,
        case
            when pair.address_level = 'same' then
                coalesce(inhabited.inhabitants, 1) / measure.persons
            else 1
        end as address_u,
        coalesce(pair.case_size / measure.persons, 1) as case_u,
        coalesce(pair.paper_size / measure.persons, 1) as kin_u,
        case pair.unit_level
            when 'same' then coalesce(unit.share, 0.5)
            when 'differs' then 1 - coalesce(unit.share, 0.5)
            else 1
        end as unit_u,
        coalesce(death_level.u, 1) as death_u,
        name.m as name_m, number.weight as number_weight, birth.weight as birth_weight,
        sex.weight as sex_weight, township_learned.m as township_m, address_learned.m as address_m,
        case_learned.m as case_m, kin_learned.m as kin_m, unit_learned.m as unit_m,
        death_learned.m as death_m,
        case
            when pair.birth_level = 'unknown' then greatest(coalesce(age_fit.weight, 0), -10)
            else 0
        end as age_weight,
        slot.level as slot_level,
        case slot.level
            when 'free' then log2((1 - taken.m) / coalesce(share.free_share, 0.5))
            when 'taken' then log2(taken.m / (1 - coalesce(share.free_share, 0.5)))
            when 'taken_here' then log2(taken_here.m / (1 - coalesce(share.free_share, 0.5)))
            else 0
        end as slot_weight
    from work.pair as pair
    cross join measure
    join work.open_record as record
        on record.record_id = pair.record_id and record.role = pair.role
    join linked.person as person on person.person_id = pair.person_id
    join work.level as name
        on name.comparison = 'name'
        -- with or without its dot a name is the same name
        and name.level = case pair.name_level when 'spacing' then 'same' else pair.name_level end
    join work.level as number on number.comparison = 'number' and number.level = pair.number_level
    join work.level as birth on birth.comparison = 'birth' and birth.level = pair.birth_level
    join work.level as sex on sex.comparison = 'sex' and sex.level = pair.sex_level
    join work.level as township_level
        on township_level.comparison = 'township' and township_level.level = pair.township_level
    join work.level as death_level
        on death_level.comparison = 'death' and death_level.level = pair.death_level
    join work.level as taken on taken.comparison = 'slot' and taken.level = 'taken'
    join work.level as taken_here on taken_here.comparison = 'slot' and taken_here.level = 'taken_here'
    join work.learned as township_learned
        on township_learned.dataset = pair.dataset
        and township_learned.comparison = 'township'
        and township_learned.level = pair.township_level
    join work.learned as address_learned
        on address_learned.dataset = pair.dataset
        and address_learned.comparison = 'address'
        and address_learned.level = pair.address_level
    join work.learned as case_learned
        on case_learned.dataset = pair.dataset
        and case_learned.comparison = 'case'
        and case_learned.level = pair.case_level
    join work.learned as kin_learned
        on kin_learned.dataset = pair.dataset
        and kin_learned.comparison = 'kin'
        and kin_learned.level = pair.kin_level
    join work.learned as unit_learned
        on unit_learned.dataset = pair.dataset
        and unit_learned.comparison = 'unit'
        and unit_learned.level = pair.unit_level
    join work.learned as death_learned
        on death_learned.dataset = pair.dataset
        and death_learned.comparison = 'death'
        and death_learned.level = pair.death_level
    left join work.name_frequency as frequency on frequency.name_key = pair.name_key
    left join work.surname_count as surname on surname.surname = substr(pair.person_name, 1, 1)
    left join township on township.township_code = person.township_code
    left join inhabited on inhabited.address_key = record.address_key
    left join work.unit_size as unit on unit.unit = pair.unit
    left join work.age_fit as age_fit
        on age_fit.dataset = pair.dataset and age_fit.age_band = pair.age_band
    left join work.slot_level as slot
        on slot.record_id = pair.record_id
        and slot.role = pair.role
        and slot.person_id = pair.person_id
    left join work.slot_share as share
        on share.dataset = pair.dataset and share.age_band = pair.age_band
),

weighed as (
    select
        * exclude (
            name_m, name_u, township_m, township_u, address_m, address_u, case_m, case_u, kin_m,
            kin_u, unit_m, unit_u, death_m, death_u
        ),
        log2(name_m / name_u) as name_weight,
        log2(township_m / township_u) as township_weight,
        log2(address_m / address_u) as address_weight,
        log2(case_m / case_u) as case_weight,
        log2(kin_m / kin_u) as kin_weight,
        log2(unit_m / unit_u) as unit_weight,
        log2(death_m / death_u) as death_weight
    from met
)

select
    *,
    name_weight + number_weight + birth_weight + sex_weight + township_weight + address_weight
    + case_weight + kin_weight + unit_weight + death_weight + age_weight + slot_weight
        as match_weight
from weighed
