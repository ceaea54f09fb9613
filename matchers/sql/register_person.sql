-- Everybody whom the population register knows, as the present row has them (as work.register_row).
select
    coalesce(shared.person_id, population.record_id) as person_id,
    coalesce(shared.person_key, 'R' || population.register_no) as person_key,
    coalesce(population.id_no, adopted.id_no) as id_no,
    population.name, population.former_name, population.sex, population.birth_date,
    population.record_id as register_record_id, population.household_no, population.relation,
    population.residence_kind, population.township_code, population.person_status,
    population.status_date
from clean.population as population
left join work.shared_register_row as shared on shared.record_id = population.record_id
left join work.adopted as adopted on adopted.record_id = population.record_id
where coalesce(shared.place, 1) = 1
