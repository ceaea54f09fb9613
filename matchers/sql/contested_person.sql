-- Persons of the register whose number somebody else bears whom the register does not know.
select person.person_id, person.id_no, person.name
from linked.person as person
where person.register_record_id is not null
    and person.id_no in (
        select id_no from linked.other_person where register_record_id is null
    )
