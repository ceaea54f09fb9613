-- linked.person_record: which person a record speaks of. What is the same of all plain links stands
-- here once and not in every row of them.
select
    record_id, dataset, role, person_id, 'certain' as grade, cast(99 as double) as score,
    case
        when dataset = 'public_security.population' then 'register:own'
        else 'number:equal name:same'
    end as why
from linked.plain_link
where person_id is not null
union all
select record_id, dataset, role, person_id, grade, score, why
from linked.other_link
