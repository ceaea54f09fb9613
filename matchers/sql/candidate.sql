-- Who an open record may speak of by what it says: one row a saying and person, with the blocks they
-- share. A block of more than $block_cap persons is cut. Whom the record's paper names already, or of whom
-- a person said no, it does not speak of; nor of somebody else where its damaged number tells who it is.
with plain as (
    select distinct saying_id from work.repaired_person where is_plain
),

shared_block as (
    select
        wanted.saying_id, block.person_id, block.block_size,
        -- what is shared as one number: which block of several it was matters to the comparisons
        case wanted.block
            when 'address' then 2 when 'case' then 4 when 'paper' then 8 when 'unit' then 16 else 0
        end as what
    from work.block_wanted as wanted
    join work.block as block
        on block.block = wanted.block and block.block_key = wanted.block_key
    where block.block_size <= $block_cap
    union all
    select saying_id, person_id, 1 as block_size, 1 as what
    from work.repaired_person
    union all
    select saying_id, person_id, lives_with as block_size, 8 as what
    from work.named_household
    where person_id is not null
),

gathered as (
    select
        saying_id, person_id, bit_or(what) as what,
        min(case when what = 4 then block_size end) as case_size,
        min(case when what = 8 then block_size end) as paper_size
    from shared_block
    group by saying_id, person_id
)

select
    gathered.saying_id, gathered.person_id, what & 1 > 0 as has_number,
    what & 2 > 0 as has_address, what & 4 > 0 as has_case, what & 8 > 0 as has_paper,
    what & 16 > 0 as has_unit, gathered.case_size, gathered.paper_size
from gathered
left join plain on plain.saying_id = gathered.saying_id
anti join work.ruled_out as ruled_out
    on ruled_out.saying_id = gathered.saying_id and ruled_out.person_id = gathered.person_id
where plain.saying_id is null or what & 1 > 0
