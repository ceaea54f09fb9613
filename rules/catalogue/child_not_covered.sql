-- Living children under 18 in the register household of the applicant of an active 低保 case (11,
-- 12), who are son, daughter or grandchild (20, 30, 40) of its head and stand in no active case as
-- member of either kind. One row for each such child: the child's register row (of several, that of
-- the first household).
select
    household_no,
    person_id,
    record_id,
    true as verify_only,
    child_name,
    child_birth_date,
    applicant_case_no
from shared.applicant_child
where is_minor and not is_member and not is_dead
order by household_no, person_id
