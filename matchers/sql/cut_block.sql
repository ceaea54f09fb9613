-- What was too large to be compared, by blocking rule: how many records looked into how many blocks, and of how many
-- persons (or records of one paper) the largest is.
with cut as (
    select distinct block, block_key, block_size
    from work.block
    where block_size > $block_cap
),

looked_into as (
    select wanted.saying_id, cut.block, cut.block_key, cut.block_size
    from work.block_wanted as wanted
    join cut on cut.block = wanted.block and cut.block_key = wanted.block_key
    union
    select saying.saying_id, 'paper' as block, crowded.paper as block_key, crowded.records as block_size
    from work.saying as saying
    join work.crowded_paper as crowded on crowded.paper = saying.paper
    union
    select
        saying.saying_id, 'paper' as block, crowded.household_no as block_key,
        crowded.people as block_size
    from work.saying as saying
    join work.paper_person as named on named.paper = saying.paper
    join linked.person as person on person.person_id = named.person_id
    join work.crowded_household as crowded on crowded.household_no = person.household_no
),

once as (
    select saying_id, block from looked_into group by saying_id, block
),

spoken as (
    select saying.dataset, once.block, cast(sum(saying.records) as bigint) as records
    from once
    join work.saying as saying on saying.saying_id = once.saying_id
    group by saying.dataset, once.block
),

sized as (
    select
        saying.dataset, looked_into.block, count(distinct looked_into.block_key) as blocks,
        max(looked_into.block_size) as largest_block
    from looked_into
    join work.saying as saying on saying.saying_id = looked_into.saying_id
    group by saying.dataset, looked_into.block
)

select spoken.dataset, spoken.block, spoken.records, sized.blocks, sized.largest_block
from spoken
join sized on sized.dataset = spoken.dataset and sized.block = spoken.block
order by spoken.dataset, spoken.block
