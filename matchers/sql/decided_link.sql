-- Links that a person made: certain. A record said to be two people's is nobody's.
select
    decided.record_id, decided.dataset, decided.role, min(settled.person_id) as person_id,
    'certain' as grade, cast(99 as double) as score, 'decision:same' as why
from work.decided as decided
join work.subject_person as settled on settled.subject_id = decided.subject_id
where decided.verdict = 'same' and decided.dataset <> 'public_security.population'
group by decided.record_id, decided.dataset, decided.role
having count(distinct settled.person_id) = 1
