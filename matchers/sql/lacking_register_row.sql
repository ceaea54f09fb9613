-- Population rows without a valid number.
select record_id, name, former_name, sex, birth_date, id_no_text as id_text
from clean.population
where id_no is null and name is not null
