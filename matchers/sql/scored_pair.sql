-- Each pair with the match weight of every comparison, in bits (log2 of m over u), and their sum.
-- u of a name is how often it is met; of a township and an address, how many people live there.
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

weighed as (
    select
        pair.*,
        case
            when pair.name_level in ('same', 'former') then
                name_weight.weight
                - log2(greatest(frequency.expected_bearers, 0.2) / measure.persons)
            else
                name_weight.weight
                - log2(coalesce(surname.bearers, 1) / measure.persons)
        end as name_weight,
        number_weight.weight as number_weight,
        birth_weight.weight as birth_weight,
        sex_weight.weight as sex_weight,
        case
            when pair.township_level = 'same' then
                township_weight.weight - log2(coalesce(township.share, 1))
            else township_weight.weight
        end as township_weight,
        case
            when pair.address_level = 'same' then
                address_weight.weight
                - log2(coalesce(inhabited.inhabitants, 1) / measure.persons)
            else address_weight.weight
        end as address_weight,
        case
            when pair.case_level = 'same' then case_weight.weight + log2(measure.persons / 4)
            else case_weight.weight
        end as case_weight,
        case
            when pair.kin_level = 'same' then kin_weight.weight + log2(measure.persons / 4)
            else kin_weight.weight
        end as kin_weight,
        unit_weight.weight as unit_weight,
        death_weight.weight as death_weight,
        case
            when pair.birth_level = 'unknown' then greatest(coalesce(age_fit.weight, 0), -10)
            else 0
        end as age_weight,
        case
            when holder.person_id is not null then slot_weight.weight
            else 0
        end as slot_weight
    from work.pair as pair
    cross join measure
    join work.open_record as record
        on record.record_id = pair.record_id and record.role = pair.role
    join linked.person as person on person.person_id = pair.person_id
    join work.level as name_weight
        on name_weight.comparison = 'name' and name_weight.level = pair.name_level
    join work.level as number_weight
        on number_weight.comparison = 'number' and number_weight.level = pair.number_level
    join work.level as birth_weight
        on birth_weight.comparison = 'birth' and birth_weight.level = pair.birth_level
    join work.level as sex_weight
        on sex_weight.comparison = 'sex' and sex_weight.level = pair.sex_level
    join work.level as township_weight
        on township_weight.comparison = 'township' and township_weight.level = pair.township_level
    join work.level as address_weight
        on address_weight.comparison = 'address' and address_weight.level = pair.address_level
    join work.level as case_weight
        on case_weight.comparison = 'case' and case_weight.level = pair.case_level
    join work.level as kin_weight
        on kin_weight.comparison = 'kin' and kin_weight.level = pair.kin_level
    join work.level as unit_weight
        on unit_weight.comparison = 'unit' and unit_weight.level = pair.unit_level
    join work.level as death_weight
        on death_weight.comparison = 'death' and death_weight.level = pair.death_level
    join work.level as slot_weight
        on slot_weight.comparison = 'slot' and slot_weight.level = 'taken'
    left join work.name_frequency as frequency on frequency.name = pair.person_name
    left join work.surname_count as surname
        on surname.surname = substr(pair.person_name, 1, 1)
    left join township on township.township_code = person.township_code
    left join inhabited on inhabited.address_key = record.address_key
    left join work.age_fit as age_fit
        on age_fit.dataset = pair.dataset and age_fit.age_band = pair.age_band
    left join work.slot_holder as holder
        on holder.slot = pair.slot and holder.person_id = pair.person_id
)

select
    *,
    name_weight + number_weight + birth_weight + sex_weight + township_weight + address_weight
    + case_weight + kin_weight + unit_weight + death_weight + age_weight + slot_weight
        as match_weight
from weighed
