-- Who stands for certain on the same paper as an open subject: the people of its own case.
select distinct subject.kind || ':' || subject.case_no as paper, known.person_id
from work.subject_row as subject
join work.subject_by_number as known on known.subject_id = subject.subject_id
where subject.kind || ':' || subject.case_no in (select paper from work.saying)
