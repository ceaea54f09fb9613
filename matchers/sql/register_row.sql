-- The population rows, each with the person it stands for, who has the record_id of his or her
-- present row (place 1). A row without a valid number is a person of its own, and may have got a
-- number from other registers (work.adopted).
select
    population.record_id,
    coalesce(shared.person_id, population.record_id) as person_id,
    coalesce(shared.person_key, 'R' || population.register_no) as person_key,
    coalesce(shared.place, 1) as place,
    coalesce(population.id_no, adopted.id_no) as id_no,
    adopted.id_no is not null as is_number_adopted,
    population.name,
    population.former_name
from clean.population as population
left join work.shared_register_row as shared on shared.record_id = population.record_id
left join work.adopted as adopted on adopted.record_id = population.record_id
