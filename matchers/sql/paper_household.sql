-- The register households of those who stand on a paper; none (null) where one of them is in no register.
select distinct named.paper, person.household_no
from work.paper_person as named
join linked.person as person on person.person_id = named.person_id
anti join work.crowded_household as crowded on crowded.household_no = person.household_no
where person.household_no is not null
union all
select paper, cast(null as varchar) as household_no
from work.outside_paper
