-- The blocks that each saying looks into: by name and birth date where no damaged number tells who it is
-- (work.repaired_person), and by what it shares with those it may speak of.
with unknown as (
    select saying.*
    from work.saying as saying
    anti join work.repaired_person as repaired
        on repaired.is_plain and repaired.saying_id = saying.saying_id
),

latin as (
    select saying_id, birth_date, number_birth_date, township_code
    from unknown
    where work.is_latin(name)
),

dated as (
    select saying_id, name_key, birth_date
    from unknown
    where birth_date is not null
    union
    select saying_id, name_key, number_birth_date as birth_date
    from unknown
    where number_birth_date is not null
)

select saying_id, 'name' as block, name_key as block_key
from unknown
union all
select
    saying_id, 'name_birth' as block, name_key || ' ' || cast(birth_date as varchar) as block_key
from dated
union all
select saying_id, 'name_township' as block, name_key || ' ' || township_code as block_key
from unknown
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
select saying_id, 'latin_birth' as block, cast(birth_date as varchar) as block_key
from latin
where birth_date is not null
union all
select saying_id, 'latin_birth' as block, cast(number_birth_date as varchar) as block_key
from latin
where number_birth_date <> birth_date or (number_birth_date is not null and birth_date is null)
union all
select saying_id, 'latin_township' as block, township_code as block_key
from latin
where township_code is not null
union all
select
    saying_id, 'birth' as block,
    cast(birth_date as varchar) || ' ' || sexes.sex as block_key
from unknown
join (values ('1'), ('2'), ('')) as sexes (sex) on sexes.sex = coalesce(unknown.sex, sexes.sex)
where birth_date is not null
