-- linked.subject: the people of cases and applications, each with the person he or she is, how surely and why.
select
    subject.subject_id, subject.kind, subject.case_no, subject.seq, subject.record_id,
    settled.person_id, settled.grade as person_grade, settled.why
from work.subject_row as subject
join work.subject_person as settled on settled.subject_id = subject.subject_id
order by subject.subject_id
