-- Who an open record may speak of: one row a record and person, with the blocks they share. A block
-- of more than $block_cap persons is cut.
with shared_block as (
    select wanted.record_id, wanted.role, block.person_id, wanted.block, block.block_size
    from work.block_wanted as wanted
    join work.block as block
        on block.block = wanted.block and block.block_key = wanted.block_key
    where block.block_size <= $block_cap
    union all
    select record.record_id, record.role, person.person_id, 'number' as block, 1 as block_size
    from work.open_record as record
    join work.repair as repair on repair.id_text = record.id_text
    join linked.person as person on person.id_no = repair.id_no
)

select
    record_id, role, person_id,
    bool_or(block = 'number') as has_number,
    bool_or(block = 'address') as has_address,
    bool_or(block = 'case') as has_case,
    bool_or(block = 'paper') as has_paper,
    bool_or(block = 'unit') as has_unit,
    min(case when block = 'case' then block_size end) as case_size,
    min(case when block = 'paper' then block_size end) as paper_size
from shared_block
group by record_id, role, person_id
