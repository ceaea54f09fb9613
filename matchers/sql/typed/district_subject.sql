-- The people of cases and applications whom the night knew by their number, with what they go by.
with stated as (
    select record_id, id_no, name from shown.clean.member
    union all
    select record_id, id_no, name from shown.clean.application
)

select subject.subject_id, subject.person_id, stated.id_no, stated.name
from shown.linked.subject as subject
join linked.person as person on person.person_id = subject.person_id
join stated on stated.record_id = subject.record_id
where subject.person_grade = 'certain' and stated.id_no is not null
