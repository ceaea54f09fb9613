-- Everybody whom the population register knows, as the present row has them.
select
    row.person_id, row.person_key, row.id_no, row.name, row.former_name, population.sex,
    population.birth_date, row.record_id as register_record_id, population.household_no,
    population.relation, population.residence_kind, population.township_code,
    population.person_status, population.status_date
from work.register_row as row
join clean.population as population on population.record_id = row.record_id
where row.place = 1
