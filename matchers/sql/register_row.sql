-- linked.register_row: the population rows, each with the person it stands for, who has the record_id of
-- his or her present row. A row without a valid number may have got one from other registers.
select
    record_id, record_id as person_id, id_no, false as is_number_adopted, name, former_name
from clean.population as population
anti join linked.other_person as other on other.register_record_id = population.record_id
union all
select
    register_record_id as record_id, person_id, id_no, is_number_adopted, name, former_name
from linked.other_person
where register_record_id is not null
