-- The names that open records and their candidates stand under where no name of the two is equal, each
-- two once, with how they agree (null: not at all).
with named as (
    select
        record.name, person.name as present_name, person.former_name, own.name as own_name
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
        and person.name is not null
        and not coalesce(record.name in (person.name, own.name, person.former_name), false)
),

unlike as (
    select distinct name, other_name
    from (
        select name, unnest([present_name, former_name, own_name]) as other_name
        from named
    )
    where other_name is not null and (
        substr(name, 1, 1) = substr(other_name, 1, 1)
        or regexp_matches(name || other_name, '[?·a-z]')
        or length(name) >= 4
    )
)

select name, other_name, names_agree_code(name, other_name) as agreement
from unlike
