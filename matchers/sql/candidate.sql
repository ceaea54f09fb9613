-- Who an open record may speak of by what it says: one row a saying and person, with the blocks they
-- share. A block of more than $block_cap persons is cut. Whom the record's paper names already, or of whom
-- a person said no, it does not speak of.
with shared_block as (
    select wanted.saying_id, block.person_id, wanted.block, block.block_size
    from work.block_wanted as wanted
    join work.block as block
        on block.block = wanted.block and block.block_key = wanted.block_key
    where block.block_size <= $block_cap
    union all
    select saying.saying_id, person.person_id, cast(null as varchar) as block, 1 as block_size
    from work.saying as saying
    join work.repair as repair on repair.id_text = saying.id_text
    join linked.person as person on person.id_no = repair.id_no
),

gathered as (
    select
        saying_id, person_id,
        bool_or(block is null) as has_number,
        bool_or(coalesce(block = 'address', false)) as has_address,
        bool_or(coalesce(block = 'case', false)) as has_case,
        bool_or(coalesce(block = 'paper', false)) as has_paper,
        bool_or(coalesce(block = 'unit', false)) as has_unit,
        min(case when block = 'case' then block_size end) as case_size,
        min(case when block = 'paper' then block_size end) as paper_size
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

select gathered.*
from gathered
anti join ruled_out
    on ruled_out.saying_id = gathered.saying_id and ruled_out.person_id = gathered.person_id
