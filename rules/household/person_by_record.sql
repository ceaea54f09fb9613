-- Everybody of whom these records ($records) speak.
select distinct person_id
from linked.person_record
where record_id in (select unnest($records)) and person_id is not null
order by person_id
