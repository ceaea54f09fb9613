-- Of each name in question: how many persons bear it, and how many are to be expected among people
-- not seen (Good 1953: a name met r times is expected r* = (r + 1) n(r+1) / n(r) times). Names of several
-- parts are one whatever their order and dot (name_key).
with counted as (
    select name_key, cast(sum(bearers) as bigint) as bearers
    from work.borne_name
    group by name_key
),

counts as (
    select bearers, count(*) as names
    from counted
    where bearers <= 6
    group by bearers
),

expected as (
    select
        this.bearers,
        case
            when next.names >= 20 then (this.bearers + 1.0) * next.names / this.names
            else this.bearers
        end as expected_bearers
    from counts as this
    left join counts as next on next.bearers = this.bearers + 1
    where this.bearers <= 5
),

wanted as (
    select distinct name_key from work.saying
)

select
    wanted.name_key,
    coalesce(counted.bearers, 0) as bearers,
    coalesce(expected.expected_bearers, counted.bearers, 0.2) as expected_bearers
from wanted
left join counted on counted.name_key = wanted.name_key
left join expected on expected.bearers = counted.bearers
