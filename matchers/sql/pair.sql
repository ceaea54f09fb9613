-- Each candidate pair as the levels of its comparisons; pairs whose names do not agree, or that are of
-- another sex or another year of birth, are none.
with named as (
    select
        candidate.*, record.dataset, record.name, record.name_key, record.sex, record.birth_date,
        record.number_birth_date, record.id_text, record.township_code, record.address_key,
        record.case_no, record.unit, record.paper, record.death_date, record.slot,
        person.name as present_name, person.former_name, person.id_no,
        person.sex as person_sex, person.birth_date as person_birth_date,
        person.township_code as person_township, person.person_status, person.status_date,
        own.name as own_name
    from work.candidate as candidate
    join work.open_record as record
        on record.record_id = candidate.record_id and record.role = candidate.role
    join linked.person as person on person.person_id = candidate.person_id
    left join work.person_own_name as own on own.person_id = candidate.person_id
    where (record.sex = person.sex or record.sex is null or person.sex is null)
        and (
            extract(year from record.birth_date) = extract(year from person.birth_date)
            or record.birth_date is null
            or person.birth_date is null
        )
)

select
    named.record_id, named.role, named.person_id, named.dataset, named.name, named.name_key,
    named.unit, named.slot,
    named.case_size, named.paper_size,
    case when named.has_address then named.address_key end as address_key,
    case when named.township_code = named.person_township then named.township_code end
        as township_code,
    named.birth_date is not null as has_birth,
    case
        when named.name = named.present_name then named.present_name
        when named.name = named.own_name then named.own_name
        when named.name = named.former_name then named.former_name
        when present.agreement is not null then named.present_name
        when own.agreement is not null then named.own_name
        else named.former_name
    end as person_name,
    case
        when contains(named.name, '?') and named.name = named.present_name then 'wildcard'
        when named.name = named.present_name or named.name = named.own_name then 'same'
        when named.name = named.former_name then 'former'
        else coalesce(
            present.agreement, own.agreement,
            case when former.agreement is not null then 'former_' || former.agreement end
        )
    end as name_level,
    case
        when named.has_number then 'repaired'
        when named.id_no is null then 'unknown'
        when length(named.id_text) between 14 and 19 then 'other'
        else 'unknown'
    end as number_level,
    case
        when named.person_birth_date is null then 'unknown'
        when named.birth_date = named.person_birth_date then 'same'
        when named.birth_date is null and named.number_birth_date = named.person_birth_date
            then 'same'
        when named.birth_date is null and named.number_birth_date is not null then 'unsure'
        when named.birth_date is null then 'unknown'
        when extract(month from named.birth_date) = extract(month from named.person_birth_date)
            or extract(day from named.birth_date) = extract(day from named.person_birth_date)
            then 'close'
        else 'differs'
    end as birth_level,
    case
        when named.sex is null or named.person_sex is null then 'unknown' else 'same'
    end as sex_level,
    case
        when named.township_code is null or named.person_township is null then 'unknown'
        when named.township_code = named.person_township then 'same'
        else 'differs'
    end as township_level,
    case
        when named.has_address then 'same'
        when named.address_key is null then 'unknown'
        else 'differs'
    end as address_level,
    case
        when named.has_case then 'same' when named.case_no is null then 'unknown' else 'differs'
    end as case_level,
    case
        when named.has_paper then 'same'
        when named.paper in (select paper from work.paper_household) then 'differs'
        else 'unknown'
    end as kin_level,
    case
        when named.has_unit then 'same' when named.unit is null then 'unknown' else 'differs'
    end as unit_level,
    case
        when named.death_date is null then 'unknown'
        -- the register takes a death down within weeks or months, sometimes before the cremation
        when named.person_status = '1'
            and named.status_date
            between named.death_date - interval 60 day and named.death_date + interval 120 day
            then 'same'
        when named.person_status = '1' and named.status_date is not null then 'differs'
        when named.person_status is null then 'unknown'
        else 'alive'
    end as death_level,
    cast(floor(
        date_diff('day', named.person_birth_date, cast($as_of as date)) / 1826.25
    ) as integer) as age_band
from named
left join work.compared_name as present
    on present.name = named.name and present.other_name = named.present_name
left join work.compared_name as own on own.name = named.name and own.other_name = named.own_name
left join work.compared_name as former on former.name = named.name and former.other_name = named.former_name
where named.name = named.present_name
    or named.name = named.own_name
    or named.name = named.former_name
    or coalesce(present.agreement, own.agreement, former.agreement) is not null
