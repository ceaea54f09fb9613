-- Register persons who, a person said, are not this subject.
select subject.record_id, 'member' as role, register.person_id
from work.decided as decided
join linked.register_row as register on register.record_id = decided.record_id
join work.subject_row as subject on subject.subject_id = decided.subject_id
where decided.verdict = 'different'
