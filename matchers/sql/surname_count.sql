-- How many registered persons have each first character of a name (a surname, nearly always).
select substr(name, 1, 1) as surname, count(*) as bearers
from linked.person
where name is not null
group by substr(name, 1, 1)
