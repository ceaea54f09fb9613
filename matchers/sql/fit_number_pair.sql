-- Training pairs reached by a repaired number, whatever their names: from these the weights of names
-- are learned, and of what a record says itself of birth date and sex.
with sampled as (
    select
        record.record_id, record.role, saying.id_text, saying.name, saying.birth_date, saying.sex
    from work.open_record as record
    join work.saying as saying on saying.saying_id = record.saying_id
    where saying.id_text is not null and saying.name is not null
    order by hash(record.record_id, record.role, $seed), record.record_id, record.role
    limit $sample
),

reached as (
    select
        sampled.record_id, sampled.role, sampled.name, sampled.birth_date, sampled.sex,
        person.person_id, person.name as present_name, person.former_name,
        person.birth_date as person_birth_date, person.sex as person_sex
    from sampled
    join work.repair as repair on repair.id_text = sampled.id_text
    join linked.person as person on person.id_no = repair.id_no
),

told as (
    select name, other_name, names_alike_code(name, other_name) as code
    from (
        select distinct name, unnest([present_name, former_name]) as other_name from reached
    )
    where other_name is not null
),

compared as (
    select
        name, other_name, code as likeness,
        case when not starts_with(code, 'latin_') then code end as agreement
    from told
)

select
    reached.record_id, reached.role, reached.person_id,
    case
        when contains(reached.name, '?') and present.agreement is not null then 'wildcard'
        when present.agreement is not null then present.agreement
        when former.agreement = 'same' then 'former'
        when former.agreement is not null then 'former_' || former.agreement
        when present.likeness is not null then present.likeness
        else 'different'
    end as name,
    case
        when reached.birth_date is null or reached.person_birth_date is null then 'unknown'
        when reached.birth_date = reached.person_birth_date then 'same'
        when extract(year from reached.birth_date) <> extract(year from reached.person_birth_date)
            then 'other_year'
        when extract(month from reached.birth_date) = extract(month from reached.person_birth_date)
            or extract(day from reached.birth_date) = extract(day from reached.person_birth_date)
            then 'close'
        else 'differs'
    end as birth,
    case
        when reached.sex is null or reached.person_sex is null then 'unknown'
        when reached.sex = reached.person_sex then 'same'
        else 'differs'
    end as sex
from reached
left join compared as present
    on present.name = reached.name and present.other_name = reached.present_name
left join compared as former
    on former.name = reached.name and former.other_name = reached.former_name
order by reached.record_id, reached.role, reached.person_id
