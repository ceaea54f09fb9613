-- How many known persons have each first character of a name (a surname, nearly always).
select substr(name, 1, 1) as surname, cast(sum(bearers) as bigint) as bearers
from work.borne_name
group by substr(name, 1, 1)
