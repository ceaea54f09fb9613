-- The people of all these cases; an applicant counts as a person of a case here.
select subject.subject_id, subject.kind, subject.case_no, subject.seq, subject.record_id,
    subject.person_id, subject.person_grade
from {source}.linked.subject as subject
join asked.related_case as related on related.case_no = subject.case_no
where subject.kind = 'case'
union all
select subject_id, 'case' as kind, case_no, seq, record_id, person_id, person_grade
from asked.subject
where kind = 'application'
union all
select subject_id, 'case' as kind, case_no, seq, record_id, person_id, person_grade
from asked.typed_subject
order by subject_id
