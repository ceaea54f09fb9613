-- The name under which persons stand in their own cases, where the register has another.
select person.person_id, min(subject.name) as name
from work.subject_person as settled
join work.subject_row as subject on subject.subject_id = settled.subject_id
join linked.person as person on person.person_id = settled.person_id
where subject.name <> person.name
group by person.person_id
