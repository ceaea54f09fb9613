-- A beneficiary's population row has RYZT 4 (服现役).
select
    link.case_no, link.seq, link.record_id, link.role, link.grade as link_grade,
    true as verify_only, population.name_raw as recorded_name, population.person_status,
    population.status_date
from shared.counted_link as link
join clean.population as population on population.record_id = link.record_id
where link.dataset = 'public_security.population'
    and link.is_beneficiary
    and population.person_status = '4'
order by link.case_no, link.seq, link.record_id, link.role
