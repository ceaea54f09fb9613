-- The enrolments that are tied to nobody, in the order of the names on them.
select enrolment.name, enrolment.record_id
from clean.enrolment as enrolment
left join linked.person_record as link
    on link.record_id = enrolment.record_id and link.dataset = 'medical_insurance.enrolment'
where link.record_id is null and enrolment.name is not null
order by enrolment.name, enrolment.record_id
