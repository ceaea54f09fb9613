-- Subjects whom the register does not know and whose own number cannot be used.
select record_id, name, cast(null as varchar) as former_name, sex, birth_date, id_text, case_no
from work.own_subject
where id_no is null and name is not null
