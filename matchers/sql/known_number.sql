-- Every number that a person bears; name is null where several persons bear it or the names differ,
-- so that nobody is taken for its owner without a look.
with borne as (
    select id_no, person_id, name from work.register_row where id_no is not null
    union all
    select id_no, person_id, name from linked.person
    where register_record_id is null and id_no is not null
)

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
