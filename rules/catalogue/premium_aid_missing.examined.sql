-- One row for each enrolment of each living beneficiary (one without values where there is none).
select
    member.case_no, member.seq, member.name_raw as member_name, active.scheme,
    coalesce(enrolment.insurance = '390', false) as is_residents_insurance,
    coalesce(enrolment.enrolment_status = '1', false) as is_in_force, enrolment.premium_aid,
    coalesce(list_contains(enrolment.remarks, 'premium_aid:unknown_code'), false) as is_unreadable
from shared.counted_member as member
join shared.active_case as active on active.case_no = member.case_no
left join shared.member_link_any as link
    on link.subject_id = member.subject_id and link.dataset = 'medical_insurance.enrolment'
left join clean.enrolment as enrolment on enrolment.record_id = link.record_id
where member.is_beneficiary and not member.is_certainly_dead
order by member.case_no, member.seq, enrolment.record_id
