-- Living beneficiaries to whom no enrolment in force is linked. Without a usable number of the member's own, it is for a person
-- to verify: nothing can be tied to the member for certain. Where an enrolment in force bears the
-- member's number under a name that does not agree, or bears the name and birth date but could be tied
-- to nobody, whose it is must be settled first. Where a register has a death that may be the member's and nothing
-- later speaks of a life, whether the member lives must be.
with insured as (
    select link.subject_id
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
    member.case_no,
    member.seq,
    member.record_id,
    case
        when death.person_id is not null
            or number_insured.id_no is not null
            or unlinked.name is not null
            then 'not_checked'
        else 'found'
    end as answer,
    case
        when death.person_id is not null then 'death_unclear:' || member.seq
        when number_insured.id_no is not null or unlinked.name is not null
            then 'identity_unclear:' || member.seq
    end as reason,
    member.person_grade as link_grade,
    member.id_no is null as verify_only,
    member.name_raw as member_name
from shared.counted_member as member
anti join insured on insured.subject_id = member.subject_id
left join number_insured on number_insured.id_no = member.id_no
left join unlinked on unlinked.name = member.name and unlinked.birth_date = member.birth_date
left join shared.death as death
    on death.person_id = member.person_id and death.last_activity_date is null
where member.is_beneficiary
    and not member.is_certainly_dead
order by member.case_no, member.seq
