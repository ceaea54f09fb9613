-- The people of these cases ($cases); an applicant of one of these applications ($applications) counts as a
-- person of a case here.
select subject_id, 'case' as kind, case_no, seq, record_id, person_id, person_grade, why
from linked.subject
where (kind = 'case' and case_no in (select unnest($cases)))
    or (kind = 'application' and case_no in (select unnest($applications)))
order by subject_id
