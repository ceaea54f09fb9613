-- Living beneficiaries to whom no enrolment in force is linked. Without a usable number of the member's own, it is for a person
-- to verify: nothing can be tied to the member for certain.
with insured as (
    select distinct link.subject_id
    from shared.member_link_any as link
    join clean.enrolment as enrolment on enrolment.record_id = link.record_id
    where link.dataset = 'medical_insurance.enrolment' and enrolment.enrolment_status = '1'
)
select
    member.case_no,
    member.seq,
    member.record_id,
    member.person_grade as link_grade,
    member.id_no is null as verify_only,
    member.name_raw as member_name
from shared.counted_member as member
where member.is_beneficiary
    and not member.is_certainly_dead
    and not exists (select 1 from insured where insured.subject_id = member.subject_id)
order by member.case_no, member.seq
