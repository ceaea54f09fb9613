-- The persons who go by a name that an open record has: the register's present name, a former one,
-- or that of their own case. Names of several parts are one whatever their order and dot (name_key).
with wanted as (
    select distinct name_key from work.saying
),

sought as (
    select distinct borne.name, borne.name_key
    from work.borne_name as borne
    semi join wanted on wanted.name_key = borne.name_key
),

gone_by as (
    select person_id, former_name as name from linked.person
    where former_name is not null
    union all
    select person_id, name from work.person_own_name
),

keyed as (
    select person_id, work.name_key(name) as name_key
    from gone_by
),

present as (
    select person.person_id, sought.name_key
    from linked.person as person
    join sought on sought.name = person.name
),

gathered as (
    select person_id, name_key from present
    union all
    select distinct keyed.person_id, keyed.name_key
    from keyed
    semi join wanted on wanted.name_key = keyed.name_key
    anti join present
        on present.person_id = keyed.person_id and present.name_key = keyed.name_key
),

borne as (
    select name_key, count(*) as bearers
    from gathered
    group by name_key
)

select gathered.person_id, gathered.name_key, borne.bearers
from gathered
join borne on borne.name_key = gathered.name_key
