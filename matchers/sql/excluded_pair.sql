-- Persons of whom, a person said, this record does not speak.
select decided.record_id, decided.role, settled.person_id
from work.decided as decided
join work.subject_person as settled on settled.subject_id = decided.subject_id
where decided.verdict = 'different'
