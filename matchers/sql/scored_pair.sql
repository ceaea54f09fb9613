-- Each pair with the match weight of every comparison but the slot, in bits (log2 of m over u), and
-- their sum.
-- u of a name is how often it is met, of a Latin name like it how often its likes are; of a township, an
-- address or a unit, how many people it has.
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
        pair.saying_id, pair.person_id, pair.dataset, pair.name, pair.person_name,
        pair.has_birth, coalesce(frequency.bearers, 0) as bearers,
        pair.name_level, pair.number_level, pair.birth_level, pair.sex_level, pair.township_level,
        pair.address_level, pair.case_level, pair.kin_level, pair.unit_level, pair.death_level,
        profile.why,
        log2(
            profile.name_m
            / case
                when pair.name_level in ('same', 'spacing', 'swapped', 'former') then
                    greatest(coalesce(frequency.expected_bearers, 0.2), 0.2) / measure.persons
                when starts_with(pair.name_level, 'latin_') then
                    greatest(coalesce(alike.expected_bearers, 0.2), 0.2) / measure.persons
                else profile.name_u * coalesce(surname.bearers, 1) / measure.persons
            end
        ) as name_weight,
        profile.number_weight, profile.birth_weight, profile.sex_weight,
        log2(
            profile.township_m
            / case
                when pair.township_level = 'same' then coalesce(township.share, 1)
                else profile.township_u
            end
        ) as township_weight,
        log2(
            profile.address_m
            / case
                when pair.address_level = 'same' then
                    coalesce(inhabited.inhabitants, 1) / measure.persons
                else 1
            end
        ) as address_weight,
        log2(profile.case_m / coalesce(pair.case_size / measure.persons, 1)) as case_weight,
        log2(profile.kin_m / coalesce(pair.paper_size / measure.persons, 1)) as kin_weight,
        log2(
            profile.unit_m
            / case pair.unit_level
                when 'same' then coalesce(unit.share, 0.5)
                when 'differs' then 1 - coalesce(unit.share, 0.5)
                else 1
            end
        ) as unit_weight,
        log2(profile.death_m / profile.death_u) as death_weight,
        case
            when pair.birth_level = 'unknown' then greatest(coalesce(age_fit.weight, 0), -10)
            else 0
        end as age_weight
    from work.pair as pair
    cross join measure
    join work.profile_weight as profile
        on profile.dataset = pair.dataset
        and profile.name_level = pair.name_level
        and profile.number_level = pair.number_level
        and profile.birth_level = pair.birth_level
        and profile.sex_level = pair.sex_level
        and profile.township_level = pair.township_level
        and profile.address_level = pair.address_level
        and profile.case_level = pair.case_level
        and profile.kin_level = pair.kin_level
        and profile.unit_level = pair.unit_level
        and profile.death_level = pair.death_level
    left join work.name_frequency as frequency on frequency.name_key = pair.name_key
    left join work.like_name as alike
        on alike.name = pair.name and alike.level = pair.name_level
    left join work.surname_count as surname on surname.surname = substr(pair.person_name, 1, 1)
    left join township on township.township_code = pair.township_code
    left join inhabited on inhabited.address_key = pair.address_key
    left join work.unit_size as unit on unit.unit = pair.unit
    left join work.age_fit as age_fit
        on age_fit.dataset = pair.dataset and age_fit.age_band = pair.age_band
)

select
    *,
    name_weight + number_weight + birth_weight + sex_weight + township_weight + address_weight
    + case_weight + kin_weight + unit_weight + death_weight + age_weight
        as saying_bits
from weighed
