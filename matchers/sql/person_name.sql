-- The persons who go by a name that an open record has: the register's present name, a former one,
-- or that of their own case.
with wanted as (
    select distinct name from work.open_record
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
)

select
    gone_by.person_id,
    gone_by.name,
    min(gone_by.kind) as kind,
    count(*) over (partition by gone_by.name) as bearers
from gone_by
join wanted on wanted.name = gone_by.name
group by gone_by.person_id, gone_by.name
