-- Every record linked to a counted member of an active case, the dead and the unauthorised included.
-- Rules read member_link or member_link_any; only what concerns the dead themselves reads this.
select
    member.case_no, member.seq, member.subject_id, member.person_id, link.dataset, link.record_id,
    link.role, link.grade, link.why, member.is_beneficiary, member.is_certainly_dead,
    member.is_authorised
from shared.counted_member as member
join linked.subject_record as link on link.subject_id = member.subject_id
order by member.case_no, member.seq, link.record_id, link.role
