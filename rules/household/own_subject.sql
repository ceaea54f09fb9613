-- Who the people of these cases ($cases) and applications ($applications) are, as the night linked them.
select kind, case_no, person_id
from linked.subject
where (kind = 'case' and case_no in (select unnest($cases)))
    or (kind = 'application' and case_no in (select unnest($applications)))
order by subject_id
