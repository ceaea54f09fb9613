-- The register households of those who stand on a paper.
select distinct named.paper, person.household_no
from work.paper_person as named
join linked.person as person on person.person_id = named.person_id
where person.household_no is not null
