-- The records that are worth a person's look: possible ones, and probable links of subjects.
select distinct record_id, dataset, role
from linked.review_pair
union
select distinct link.record_id, link.dataset, link.role
from linked.person_record as link
join linked.subject as subject on subject.person_id = link.person_id
where link.grade = 'probable'
union
select distinct
    person.register_record_id as record_id, 'public_security.population' as dataset,
    'resident' as role
from linked.subject as subject
join linked.person as person on person.person_id = subject.person_id
where subject.person_grade = 'probable' and person.register_record_id is not null
