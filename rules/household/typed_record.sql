-- The records of typed-in people, as linked.subject_record has them for people of cases: the weaker of how
-- surely the record is the person's and how surely the typed-in one is that person.
select
    link.record_id, link.dataset, link.role, subject.subject_id,
    case when link.grade = 'certain' then subject.person_grade else link.grade end as grade,
    link.score, link.why
from asked.typed_subject as subject
join linked.person_record as link on link.person_id = subject.person_id
order by link.record_id, link.role, subject.subject_id
