-- Enrolments under one of these names ($names) that are tied to nobody.
with named as (
    select record_id
    from clean.enrolment
    where name in (select unnest($names))
)

select named.record_id
from named
left join linked.person_record as link on link.record_id = named.record_id
where link.record_id is null
order by named.record_id
