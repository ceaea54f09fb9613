-- Everybody whom the population register has in a household at present (RYZT 0).
select
    population.household_no, link.person_id, link.record_id, link.role, link.grade,
    population.relation, population.division_code, population.township_code,
    listed.person_id is not null as is_listed
from clean.population as population
join linked.person_record as link
    on link.record_id = population.record_id and link.dataset = 'public_security.population'
left join shared.listed_person as listed on listed.person_id = link.person_id
where population.person_status = '0'
order by population.household_no, link.record_id
