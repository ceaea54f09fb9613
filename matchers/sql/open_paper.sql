-- The records of the papers (a marriage, a title, a contract) that open records are of, but of crowded ones.
with wanted as (
    select distinct saying.paper
    from work.saying as saying
    anti join work.crowded_paper as crowded on crowded.paper = saying.paper
    where saying.paper is not null
),

named as (
    select record_id, 'civil_affairs.marriages ' || cast(record_id as varchar) as paper
    from clean.marriage
    union all
    select record_id, 'housing.properties ' || unit_no as paper from clean.property
    union all
    select record_id, 'housing.presales ' || contract_no as paper from clean.presale
)

select named.record_id, named.paper
from named
join wanted on wanted.paper = named.paper
