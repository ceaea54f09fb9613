-- Who is insured as an employee, and who is on assistance (a counted member of a case, or somebody whose
-- premium is paid as such), by certain links.
with enrolled as (
    select
        link.person_id, enrolment.insurance = '310' as is_employee,
        coalesce(enrolment.premium_aid in ('1', '2', '3', '4'), false) as is_aided
    from clean.enrolment as enrolment
    join linked.person_record as link on link.record_id = enrolment.record_id
    where link.dataset = 'medical_insurance.enrolment'
        and link.grade = 'certain'
        and enrolment.enrolment_status <> '4'
        and (enrolment.insurance = '310' or enrolment.premium_aid in ('1', '2', '3', '4'))
)

select distinct person_id, 'employee' as standing
from enrolled
where is_employee
union all
select distinct person_id, 'pensioned' as standing
from linked.person_record
where dataset = 'human_resources.pensions' and grade = 'certain'
union all
select person_id, 'aided' as standing
from (
    select person_id from enrolled where is_aided
    union
    select subject.person_id
    from linked.subject as subject
    join clean.member as member on member.record_id = subject.record_id
    where subject.kind = 'case' and member.member_kind = '1'
)
