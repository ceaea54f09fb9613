-- Who stands for certain on the same paper (a marriage, a title, a contract) as an open record.
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

select distinct named.paper, link.person_id
from named
join wanted on wanted.paper = named.paper
join linked.person_record as link on link.record_id = named.record_id and link.grade = 'certain'
