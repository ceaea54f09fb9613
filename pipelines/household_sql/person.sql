-- The people of the asked-for households.
select distinct person_id
from (
    select person_id from asked.subject
    union all
    select person_id from asked.typed_subject
) as concerned
where person_id is not null
order by person_id
