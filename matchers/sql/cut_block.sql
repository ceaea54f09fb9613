-- Blocks too large to be compared, by blocking rule: how many records looked into how many persons.
with cut as (
    select distinct block, block_key, block_size
    from work.block
    where block_size > $block_cap
)

select
    saying.dataset, cut.block, cast(sum(saying.records) as bigint) as records, count(distinct cut.block_key) as blocks,
    max(cut.block_size) as largest_block
from work.block_wanted as wanted
join cut on cut.block = wanted.block and cut.block_key = wanted.block_key
join work.saying as saying on saying.saying_id = wanted.saying_id
group by saying.dataset, cut.block
union all
select
    saying.dataset, 'paper' as block, cast(sum(saying.records) as bigint) as records,
    count(distinct crowded.paper) as blocks, max(crowded.records) as largest_block
from work.saying as saying
join work.crowded_paper as crowded on crowded.paper = saying.paper
group by saying.dataset
order by dataset, block
