-- Papers (a marriage, a title, a contract) of open records on which somebody stands whose valid number nobody
-- known bears: whom else they name lives in no household that is known, as far as that tells.
with wanted as (
    select distinct paper from work.saying where paper is not null
),

named as (
    select record_id, 'civil_affairs.marriages ' || cast(record_id as varchar) as paper
    from clean.marriage
    union all
    select record_id, 'housing.properties ' || unit_no as paper from clean.property
    union all
    select record_id, 'housing.presales ' || contract_no as paper from clean.presale
)

select distinct named.paper
from named
join wanted on wanted.paper = named.paper
join linked.plain_link as link on link.record_id = named.record_id and link.person_id is null
anti join work.number_differs as differing
    on differing.record_id = link.record_id and differing.role = link.role
