-- linked.person: everybody known. A row of the population register is a person, as it stands there;
-- where it is not so simple, linked.other_person has them.
select
    record_id as person_id, 'R' || register_no as person_key, id_no, name, former_name, sex, birth_date,
    record_id as register_record_id, household_no, relation, residence_kind, township_code,
    person_status, status_date
from clean.population as population
anti join linked.other_person as other on other.register_record_id = population.record_id
union all
select
    person_id, person_key, id_no, name, former_name, sex, birth_date, register_record_id,
    household_no, relation, residence_kind, township_code, person_status, status_date
from linked.other_person
where place = 1
