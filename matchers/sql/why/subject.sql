-- A subject's person, under every name he or she goes by.
with own as (
    select record_id, name from clean.member
    union all
    select record_id, name from clean.application
)

select
    person.person_id, person.id_no, person.name, own.name as own_name, person.former_name
from linked.subject as subject
join linked.person as person on person.person_id = subject.person_id
join own on own.record_id = subject.record_id
where subject.case_no || '#' || cast(subject.seq as varchar) = $subject
