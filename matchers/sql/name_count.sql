-- The names of open records and of candidates with how many registered persons bear each.
select name, count(*) as bearers
from linked.person
where name is not null
group by name
