-- Papers that name more people than any title or contract does: a word where its number should be (无, /), borne by all
-- that have none. They tell nothing of who stands beside whom.
with wanted as (
    select distinct paper from work.saying where paper is not null
),

named as (
    select 'housing.properties ' || unit_no as paper from clean.property
    union all
    select 'housing.presales ' || contract_no as paper from clean.presale
)

select paper, count(*) as records
from named
where paper in (select paper from wanted)
group by paper
having count(*) > $block_cap
