-- Every number that a person bears; name is null where several persons bear it or the names differ,
-- so that nobody is taken for its owner without a look. Most numbers stand in one row of the population
-- register and nowhere else; only the others are counted.
with counted as (
    select distinct id_no from linked.other_person where id_no is not null
),

borne as (
    select register.id_no, register.person_id, register.name
    from linked.register_row as register
    semi join counted on counted.id_no = register.id_no
    union all
    select id_no, person_id, name
    from linked.other_person
    where register_record_id is null and id_no is not null
)

select id_no, person_id, name, 1 as bearers
from linked.register_row as register
anti join counted on counted.id_no = register.id_no
where id_no is not null
union all
select
    id_no,
    case when min(person_id) = max(person_id) then min(person_id) end as person_id,
    case
        when min(person_id) = max(person_id) and min(name) = max(name) and count(name) = count(*)
            then min(name)
    end as name,
    count(*) as bearers
from borne
group by id_no
