-- The blocks that each open record looks into.
with dated as (
    select record_id, role, name_key, birth_date
    from work.open_record
    where birth_date is not null
    union
    select record_id, role, name_key, number_birth_date as birth_date
    from work.open_record
    where number_birth_date is not null
)

select record_id, role, 'name' as block, name_key as block_key
from work.open_record
union all
select
    record_id, role, 'name_birth' as block, name_key || ' ' || cast(birth_date as varchar) as block_key
from dated
union all
select record_id, role, 'name_township' as block, name_key || ' ' || township_code as block_key
from work.open_record
where township_code is not null
union all
select record_id, role, 'address' as block, address_key as block_key
from work.open_record
where address_key is not null
union all
select record_id, role, 'case' as block, case_no as block_key
from work.open_record
where case_no is not null
union all
select record_id, role, 'paper' as block, paper as block_key
from work.open_record
where paper is not null
union all
select record_id, role, 'unit' as block, unit || ' ' || name as block_key
from work.open_record
where unit is not null
union all
select
    record_id, role, 'birth' as block,
    cast(birth_date as varchar) || ' ' || sexes.sex as block_key
from work.open_record as record
join (values ('1'), ('2'), ('')) as sexes (sex) on sexes.sex = coalesce(record.sex, sexes.sex)
where birth_date is not null
