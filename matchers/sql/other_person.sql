-- linked.other_person: the rows of the population register that are not simply a person each (rows of a
-- number that several bear, rows whose number came from other registers), and persons whom the register does
-- not know. place 1 is the person's own row; further ones are other rows of the same person.
select
    coalesce(shared.person_id, population.record_id) as person_id,
    coalesce(shared.person_key, 'R' || population.register_no) as person_key,
    coalesce(adopted.id_no, population.id_no) as id_no,
    population.name, population.former_name, population.sex, population.birth_date,
    population.record_id as register_record_id, population.household_no, population.relation,
    population.residence_kind, population.township_code, population.person_status,
    population.status_date,
    coalesce(shared.place, 1) as place,
    adopted.id_no is not null as is_number_adopted
from clean.population as population
left join work.shared_register_row as shared on shared.record_id = population.record_id
left join work.adopted as adopted
    on adopted.record_id = coalesce(shared.person_id, population.record_id)
where shared.record_id is not null or adopted.record_id is not null
