-- Of a name that more people bear than are compared for the name alone: those who have the standing that a saying
-- presumes. Whom some employer pays for in the saying's own newest month already, of him it does not speak; nor a
-- pension of whom has one, or is of an age at which hardly anybody has. Of a name that more than fifty bear nobody is
-- singled out by being an employee or on assistance, nor where more fit than are compared for the name alone.
with asking as (
    select
        presumed.saying_id, presumed.standing, any_value(saying.name_key) as name_key,
        max(record.slot) as newest_slot
    from work.presumed as presumed
    join work.saying as saying on saying.saying_id = presumed.saying_id
    join work.open_record as record on record.open_id = presumed.open_id
    where presumed.cell <> 'not assisted'
    group by presumed.saying_id, presumed.standing
),

named as (
    select name_key, person_id, bearers
    from work.person_name
    where bearers > $name_cap and name_key in (select name_key from asking)
),

namesake as (
    select named.name_key, standing.standing, named.person_id
    from named
    join work.standing as standing on standing.person_id = named.person_id
    where standing.standing <> 'pensioned' and named.bearers <= 50
    union all
    select named.name_key, share.standing, named.person_id
    from named
    join linked.person as person on person.person_id = named.person_id
    join work.standing_share as share
        on share.standing = 'pensioned'
        and share.age_band = cast(floor(
            date_diff('day', person.birth_date, cast($as_of as date)) / 1826.25
        ) as integer)
    anti join work.standing as standing
        on standing.standing = 'pensioned' and standing.person_id = named.person_id
    where share.share >= 0.2
),

paid_for as (
    select distinct
        link.person_id,
        link.dataset || ' ' || record.insurance || ' ' || cast(record.month as varchar) as slot
    from linked.person_record as link
    join clean.contribution as record on record.record_id = link.record_id
    where link.dataset = 'human_resources.contributions'
        and link.grade = 'certain'
        and link.person_id in (select person_id from namesake where standing = 'employee')
)

select asking.saying_id, namesake.person_id
from asking
join namesake
    on namesake.standing = asking.standing and namesake.name_key = asking.name_key
anti join paid_for
    on asking.standing = 'employee'
    and paid_for.person_id = namesake.person_id
    and paid_for.slot = asking.newest_slot
qualify asking.standing = 'pensioned' or count(*) over (partition by asking.saying_id) <= $name_cap
