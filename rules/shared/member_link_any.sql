-- Records of living counted members, authorised or not: for rules that need no authorisation.
select case_no, seq, subject_id, person_id, dataset, record_id, role, grade, is_authorised
from shared.counted_link
where not is_certainly_dead
order by case_no, seq, record_id, role
