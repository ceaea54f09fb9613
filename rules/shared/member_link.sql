-- Records of living counted members who are authorised to be looked at: for rules on a person's means.
select case_no, seq, subject_id, person_id, dataset, record_id, role, grade
from shared.counted_link
where is_authorised and not is_certainly_dead
order by case_no, seq, record_id, role
