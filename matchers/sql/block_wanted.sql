-- The blocks that each saying looks into.
with dated as (
    select saying_id, name_key, birth_date
    from work.saying
    where birth_date is not null
    union
    select saying_id, name_key, number_birth_date as birth_date
    from work.saying
    where number_birth_date is not null
)

select saying_id, 'name' as block, name_key as block_key
from work.saying
union all
select
    saying_id, 'name_birth' as block, name_key || ' ' || cast(birth_date as varchar) as block_key
from dated
union all
select saying_id, 'name_township' as block, name_key || ' ' || township_code as block_key
from work.saying
where township_code is not null
union all
select saying_id, 'address' as block, address_key as block_key
from work.saying
where address_key is not null
union all
select saying_id, 'case' as block, case_no as block_key
from work.saying
where case_no is not null
union all
select saying_id, 'paper' as block, paper as block_key
from work.saying
where paper is not null
union all
select saying_id, 'unit' as block, unit || ' ' || name as block_key
from work.saying
where unit is not null
union all
select distinct saying_id, 'standing' as block, cast(saying_id as varchar) as block_key
from work.standing_block
union all
select
    saying_id, 'birth' as block,
    cast(birth_date as varchar) || ' ' || sexes.sex as block_key
from work.saying as saying
join (values ('1'), ('2'), ('')) as sexes (sex) on sexes.sex = coalesce(saying.sex, sexes.sex)
where birth_date is not null
