-- One row for each living beneficiary, with what the register of enrolments says.
with insured as (
    select distinct link.subject_id
    from shared.member_link_any as link
    join clean.enrolment as enrolment on enrolment.record_id = link.record_id
    where link.dataset = 'medical_insurance.enrolment' and enrolment.enrolment_status = '1'
),

number_insured as (
    select distinct id_no
    from clean.enrolment
    where enrolment_status = '1' and id_no is not null
),

unlinked as (
    select distinct enrolment.name, enrolment.birth_date
    from clean.enrolment as enrolment
    left join linked.person_record as link
        on link.record_id = enrolment.record_id and link.dataset = 'medical_insurance.enrolment'
    where enrolment.enrolment_status = '1' and link.record_id is null
)

select
    member.case_no, member.seq, member.name_raw as member_name,
    insured.subject_id is not null as is_insured,
    number_insured.id_no is not null as is_number_insured,
    unlinked.name is not null as has_unlinked, death.person_id is not null as may_be_dead
from shared.counted_member as member
left join insured on insured.subject_id = member.subject_id
left join number_insured on number_insured.id_no = member.id_no
left join unlinked on unlinked.name = member.name and unlinked.birth_date = member.birth_date
left join shared.death as death
    on death.person_id = member.person_id and death.last_activity_date is null
where member.is_beneficiary and not member.is_certainly_dead
order by member.case_no, member.seq
