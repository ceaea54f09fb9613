-- The register households (RYZT 0) that these register rows ($records) stand in.
select distinct household_no
from clean.population
where record_id in (select unnest($records)) and person_status = '0' and household_no is not null
order by household_no
