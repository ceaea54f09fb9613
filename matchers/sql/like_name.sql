-- Of each Latin name that is like another (work.compared_name): how many people are to be expected whose names are as much
-- like it. Of nguyenthilan there are many within a letter, of agnieszkakowalczyk hardly any: that is read off the
-- register's own Latin names, of which so many are drawn that the comparisons stay bounded; the model's u counts as
-- two hundred people. Where somebody bears the very name it is seldom another's mistyped: of some hundred slips that a
-- name may suffer just that one makes it (and of some five ways to shorten one).
with asked as (
    select distinct name, likeness as level
    from work.compared_name
    where likeness is not null
),

borne as (
    select name, bearers
    from work.borne_name
    where name >= 'a' and name < '{'
        and work.is_latin(name)
),

drawn as (
    select name, bearers
    from borne
    qualify row_number() over (order by hash(name), name)
        <= 40000 / (select count(distinct name) from asked)
),

measure as (
    select
        (select sum(bearers) from borne) as all_bearers,
        (select sum(bearers) from drawn) as drawn_bearers
),

met as (
    select asked.name, names_alike_code(asked.name, drawn.name) as level, drawn.bearers
    from (select distinct name from asked) as asked
    join drawn on drawn.name <> asked.name
),

counted as (
    select name, level, sum(bearers) as bearers
    from met
    where level is not null
    group by name, level
)

select
    asked.name, asked.level,
    greatest(
        coalesce(measure.all_bearers, 0)
        * (coalesce(counted.bearers, 0) + 200 * model.u)
        / (coalesce(measure.drawn_bearers, 0) + 200),
        case when asked.level = 'latin_short' then 5 else 100 end * coalesce(own.bearers, 0)
    ) as expected_bearers
from asked
cross join measure
join work.level as model on model.comparison = 'name' and model.level = asked.level
left join borne as own on own.name = asked.name
left join counted on counted.name = asked.name and counted.level = asked.level
