-- The register households (RYZT 0) of these people ($persons).
select distinct population.household_no
from linked.person_record as link
join clean.population as population on population.record_id = link.record_id
where link.dataset = 'public_security.population'
    and link.person_id in (select unnest($persons))
    and population.person_status = '0'
order by population.household_no
