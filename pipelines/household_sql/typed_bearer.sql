-- The persons of the run who bear one of these numbers, with their names.
select person_id, name, former_name
from linked.person
where id_no in (select unnest($numbers))
order by person_id
