-- Residents (RYZT 0) with an enrolment in force whose premium is paid because they are monitored
-- against falling back into poverty (4) or severely disabled (5), in no active case, whose register
-- household passes the screen. One row for each such enrolment.
select
    register.household_no,
    register.person_id,
    enrolment.record_id,
    link.role,
    link.grade as link_grade,
    true as verify_only,
    population.name_raw as resident_name,
    enrolment.premium_aid
from clean.enrolment as enrolment
join linked.person_record as link
    on link.record_id = enrolment.record_id and link.dataset = 'medical_insurance.enrolment'
join shared.register_household as register on register.person_id = link.person_id
join linked.person as person
    on person.person_id = register.person_id
    and person.register_record_id = register.record_id
join clean.population as population on population.record_id = register.record_id
anti join shared.listed_person as listed on listed.person_id = register.person_id
anti join shared.death as death on death.person_id = register.person_id and death.is_certain
anti join shared.screened_out as screened on screened.household_no = register.household_no
where enrolment.enrolment_status = '1'
    and enrolment.premium_aid in ('4', '5')
order by register.household_no, register.person_id, enrolment.record_id
