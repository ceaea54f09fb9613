-- The persons who go by a name that an open record has: the register's present name, a former one,
-- or that of their own case. Names of several parts are one whatever their order and dot (name_key).
with wanted as (
    select distinct name_key from work.saying
),

gone_by as (
    select person_id, name, 1 as kind from linked.person
    union all
    select person_id, former_name as name, 3 as kind from linked.person
    where former_name is not null
    union all
    select settled.person_id, subject.name, 2 as kind
    from work.subject_person as settled
    join work.subject_row as subject on subject.subject_id = settled.subject_id
),

keyed as (
    select
        person_id,
        kind,
        case
            when contains(name, '·') or length(name) > 4
                then array_to_string(list_sort(string_split(replace(name, '·', ''), '')), '')
            else name
        end as name_key
    from gone_by
    where name is not null
),

gathered as (
    select keyed.person_id, keyed.name_key, min(keyed.kind) as kind
    from keyed
    join wanted on wanted.name_key = keyed.name_key
    group by keyed.person_id, keyed.name_key
),

borne as (
    select name_key, count(*) as bearers
    from gathered
    group by name_key
)

select gathered.person_id, gathered.name_key, gathered.kind, borne.bearers
from gathered
join borne on borne.name_key = gathered.name_key
