-- Living beneficiaries of schemes 11, 12, 21, 22 and 23 enrolled in the residents' insurance (390),
-- in force, with no premium aid on that enrolment. One row for each such enrolment.
select
    member.case_no,
    member.seq,
    enrolment.record_id,
    link.role,
    link.grade as link_grade,
    case when list_contains(enrolment.remarks, 'premium_aid:unknown_code')
        then 'not_checked' else 'found' end as answer,
    case when list_contains(enrolment.remarks, 'premium_aid:unknown_code')
        then 'value_unreadable:medical_insurance.enrolment#' || member.seq end as reason,
    member.name_raw as member_name,
    active.scheme
from shared.counted_member as member
join shared.active_case as active using (case_no)
join shared.member_link_any as link
    on link.subject_id = member.subject_id and link.dataset = 'medical_insurance.enrolment'
join clean.enrolment as enrolment on enrolment.record_id = link.record_id
where member.is_beneficiary
    and active.scheme in ('11', '12', '21', '22', '23')
    and enrolment.insurance = '390'
    and enrolment.enrolment_status = '1'
    and coalesce(enrolment.premium_aid, '0') = '0'
order by member.case_no, member.seq, enrolment.record_id
