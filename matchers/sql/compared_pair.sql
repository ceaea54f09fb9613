-- The candidates whom neither sex nor year of birth rules out, as the levels of all comparisons but the
-- name. equal_level: how the names agree where one of the person's is the record's own, else null.
select
    candidate.saying_id, candidate.person_id, saying.dataset, saying.name, saying.name_key,
    saying.unit, saying.records, candidate.case_size, candidate.paper_size,
    person.name as present_name, own.name as own_name, person.former_name,
    case
        when saying.name = person.name
            then case when contains(saying.name, '?') then 'wildcard' else 'same' end
        when saying.name = own.name then 'same'
        when saying.name = person.former_name then 'former'
    end as equal_level,
    case when candidate.has_address then saying.address_key end as address_key,
    case when saying.township_code = person.township_code then saying.township_code end
        as township_code,
    saying.birth_date is not null as has_birth,
    case
        when candidate.has_number then 'repaired'
        when person.id_no is null then 'unknown'
        when length(saying.id_text) between 14 and 19 then 'other'
        else 'unknown'
    end as number_level,
    case
        when person.birth_date is null then 'unknown'
        when saying.birth_date = person.birth_date then 'same'
        when saying.birth_date is null and saying.number_birth_date = person.birth_date then 'same'
        when saying.birth_date is null and saying.number_birth_date is not null then 'unsure'
        when saying.birth_date is null then 'unknown'
        when extract(month from saying.birth_date) = extract(month from person.birth_date)
            or extract(day from saying.birth_date) = extract(day from person.birth_date)
            then 'close'
        else 'differs'
    end as birth_level,
    case when saying.sex is null or person.sex is null then 'unknown' else 'same' end as sex_level,
    case
        when saying.township_code is null or person.township_code is null then 'unknown'
        when saying.township_code = person.township_code then 'same'
        else 'differs'
    end as township_level,
    case
        when candidate.has_address then 'same'
        when saying.address_key is null then 'unknown'
        else 'differs'
    end as address_level,
    case
        when candidate.has_case then 'same' when saying.case_no is null then 'unknown' else 'differs'
    end as case_level,
    case
        when candidate.has_paper then 'same'
        when saying.paper in (select paper from work.paper_household)
            or saying.saying_id in (select saying_id from work.named_household)
            then 'differs'
        else 'unknown'
    end as kin_level,
    case
        when candidate.has_unit then 'same' when saying.unit is null then 'unknown' else 'differs'
    end as unit_level,
    case
        when saying.death_date is null then 'unknown'
        -- the register takes a death down within weeks or months, sometimes before the cremation
        when person.person_status = '1'
            and person.status_date
            between saying.death_date - interval 60 day and saying.death_date + interval 120 day
            then 'same'
        when person.person_status = '1' and person.status_date is not null then 'differs'
        when person.person_status is null then 'unknown'
        else 'alive'
    end as death_level,
    cast(floor(
        date_diff('day', person.birth_date, cast($as_of as date)) / 1826.25
    ) as integer) as age_band
from work.candidate as candidate
join work.saying as saying on saying.saying_id = candidate.saying_id
join linked.person as person on person.person_id = candidate.person_id
left join work.person_own_name as own on own.person_id = candidate.person_id
where (saying.sex = person.sex or saying.sex is null or person.sex is null)
    and (
        extract(year from saying.birth_date) = extract(year from person.birth_date)
        or saying.birth_date is null
        or person.birth_date is null
    )
