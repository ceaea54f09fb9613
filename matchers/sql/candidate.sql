-- Who an open record may speak of by what it says: one row a saying and person, with the blocks they
-- share. A block of more than $block_cap persons is cut. Whom the record's paper names already, or of whom
-- a person said no, it does not speak of.
with shared_block as (
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
    select saying.saying_id, person.person_id, 1 as block_size, 1 as what
    from work.saying as saying
    join work.repair as repair on repair.id_text = saying.id_text
    join linked.person as person on person.id_no = repair.id_no
),

gathered as (
    select
        saying_id, person_id, bit_or(what) as what,
        min(case when what = 4 then block_size end) as case_size,
        min(case when what = 8 then block_size end) as paper_size
    from shared_block
    group by saying_id, person_id
),

ruled_out as (
    select saying.saying_id, already.person_id
    from work.saying as saying
    join work.paper_person as already on already.paper = saying.paper
    union all
    select record.saying_id, excluded.person_id
    from work.excluded_pair as excluded
    join work.open_record as record
        on record.record_id = excluded.record_id and record.role = excluded.role
)

select
    gathered.saying_id, gathered.person_id, what & 1 > 0 as has_number,
    what & 2 > 0 as has_address, what & 4 > 0 as has_case, what & 8 > 0 as has_paper,
    what & 16 > 0 as has_unit, gathered.case_size, gathered.paper_size
from gathered
anti join ruled_out
    on ruled_out.saying_id = gathered.saying_id and ruled_out.person_id = gathered.person_id
