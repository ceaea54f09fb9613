-- Who an open record may speak of: one row a record and person, with the blocks they share. A block
-- of more than $block_cap persons is cut. Whom the record's paper names already, or of whom a person
-- said no, it does not speak of.
with shared_block as (
    select wanted.record_id, wanted.role, block.person_id, wanted.block, block.block_size
    from work.block_wanted as wanted
    join work.block as block
        on block.block = wanted.block and block.block_key = wanted.block_key
    where block.block_size <= $block_cap
    union all
    select
        record.record_id, record.role, person.person_id, cast(null as varchar) as block,
        1 as block_size
    from work.open_record as record
    join work.repair as repair on repair.id_text = record.id_text
    join linked.person as person on person.id_no = repair.id_no
),

gathered as (
    select
        record_id, role, person_id,
        bool_or(block is null) as has_number,
        bool_or(coalesce(block = 'address', false)) as has_address,
        bool_or(coalesce(block = 'case', false)) as has_case,
        bool_or(coalesce(block = 'paper', false)) as has_paper,
        bool_or(coalesce(block = 'unit', false)) as has_unit,
        min(case when block = 'case' then block_size end) as case_size,
        min(case when block = 'paper' then block_size end) as paper_size
    from shared_block
    group by record_id, role, person_id
),

ruled_out as (
    select record.record_id, record.role, already.person_id
    from work.open_record as record
    join work.paper_person as already on already.paper = record.paper
    union all
    select record_id, role, person_id from work.excluded_pair
)

select gathered.*
from gathered
anti join ruled_out
    on ruled_out.record_id = gathered.record_id
    and ruled_out.role = gathered.role
    and ruled_out.person_id = gathered.person_id
