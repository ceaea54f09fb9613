-- The register rows (RYZT 0) of these register households ($homes).
select record_id
from clean.population
where household_no in (select unnest($homes)) and person_status = '0'
order by record_id
