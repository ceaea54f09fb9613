-- Subjects whose own row carries a valid number that is not the one of the person they are: a
-- member of theirs' or a stranger's. Records that bear that number under their name speak of them all the same.
select subject.subject_id, subject.id_no, subject.name, settled.person_id
from work.subject_row as subject
join work.subject_person as settled on settled.subject_id = subject.subject_id
join linked.person as person on person.person_id = settled.person_id
where subject.id_no is not null
    and subject.name is not null
    and person.id_no is distinct from subject.id_no
