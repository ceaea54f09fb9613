-- Subjects whom a person found in the population register: that row's person, for certain.
select decided.subject_id, min(register.person_id) as person_id
from work.decided as decided
join linked.register_row as register on register.record_id = decided.record_id
where decided.verdict = 'same' and decided.dataset = 'public_security.population'
group by decided.subject_id
having count(distinct register.person_id) = 1
