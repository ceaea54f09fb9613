-- The names that people stand under, with how many stand under each. name_key: of a name of
-- several parts its characters whatever their order and the dot between them.
with counted as (
    select name, count(*) as bearers
    from linked.person
    where name is not null
    group by name
)

select
    name,
    case
        when contains(name, '·') or length(name) >= 4
            then array_to_string(list_sort(string_split(replace(name, '·', ''), '')), '')
        else name
    end as name_key,
    bearers
from counted
