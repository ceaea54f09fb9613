-- One row for each child or grandchild in the register household of an applicant of an active 低保 case.
select
    household_no, person_id, child_name, child_birth_date, applicant_case_no, is_minor, is_member,
    is_dead
from shared.applicant_child
order by household_no, person_id
