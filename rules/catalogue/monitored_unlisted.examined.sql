-- One row for each enrolment with premium aid of each resident.
select
    register.household_no, register.person_id, population.name_raw as resident_name,
    enrolment.premium_aid, enrolment.enrolment_status, listed.person_id is not null as is_listed,
    death.person_id is not null as is_dead, screened.household_no is null as passes_screen
from clean.enrolment as enrolment
join linked.person_record as link
    on link.record_id = enrolment.record_id and link.dataset = 'medical_insurance.enrolment'
join shared.register_household as register on register.person_id = link.person_id
join linked.person as person
    on person.person_id = register.person_id and person.register_record_id = register.record_id
join clean.population as population on population.record_id = register.record_id
left join shared.listed_person as listed on listed.person_id = register.person_id
left join shared.death as death on death.person_id = register.person_id and death.is_certain
left join shared.screened_out as screened on screened.household_no = register.household_no
where enrolment.premium_aid <> '0'
order by register.household_no, register.person_id, enrolment.record_id
