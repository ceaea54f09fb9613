-- The names that people stand under, with how many stand under each.
with counted as (
    select name, count(*) as bearers
    from linked.person
    where name is not null
    group by name
)

select
    name, work.name_key(name) as name_key,
    bearers
from counted
