-- Everybody whom the population register knows, as the present row has them.
select
    person_id, person_key, id_no, name, former_name, sex, birth_date,
    record_id as register_record_id, household_no, relation, residence_kind, township_code,
    person_status, status_date
from work.register_row
where place = 1
order by person_id
