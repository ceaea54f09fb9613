-- The blocks that open records look into: rule, key, person, and how many persons a block holds.
-- Names that many persons bear are looked up together with something else that an open record has.
with common_name as (
    select named.name_key, person.person_id, person.birth_date, person.township_code
    from work.person_name as named
    join linked.person as person on person.person_id = named.person_id
    where named.bearers > $name_cap
),

dated as (
    select name_key, birth_date from work.saying where birth_date is not null
    union
    select name_key, number_birth_date as birth_date
    from work.saying
    where number_birth_date is not null
),

housed as (
    select paper.paper, person.person_id
    from work.paper_household as paper
    join linked.person as person on person.household_no = paper.household_no
),

of_case as (
    select distinct subject.case_no, settled.person_id
    from work.subject_row as subject
    join work.subject_person as settled on settled.subject_id = subject.subject_id
    where subject.case_no in (select case_no from work.saying where case_no is not null)
),

unnamed_birth as (
    select distinct record.birth_date
    from work.saying as record
    where record.birth_date is not null
        and not exists (
            select 1
            from work.person_name as named
            join linked.person as namesake on namesake.person_id = named.person_id
            where named.name_key = record.name_key and namesake.birth_date = record.birth_date
        )
),

gathered as (
    select 'name' as block, name_key as block_key, person_id
    from work.person_name
    where bearers <= $name_cap
    union all
    select 'name_birth' as block, name_key || ' ' || cast(birth_date as varchar) as block_key,
        person_id
    from common_name
    semi join dated
        on dated.name_key = common_name.name_key and dated.birth_date = common_name.birth_date
    union all
    select 'name_township' as block, name_key || ' ' || township_code as block_key, person_id
    from common_name
    semi join work.saying as record
        on record.name_key = common_name.name_key
        and record.township_code = common_name.township_code
    union all
    select 'address' as block, address_key as block_key, person_id from work.lived_at
    union all
    select 'case' as block, case_no as block_key, person_id from of_case
    union all
    select 'paper' as block, paper as block_key, person_id from housed
    union all
    select 'unit' as block, unit || ' ' || name as block_key, person_id from work.unit_record
    union all
    select
        'birth' as block,
        cast(person.birth_date as varchar) || ' ' || coalesce(person.sex, '') as block_key,
        person.person_id
    from linked.person as person
    join unnamed_birth on unnamed_birth.birth_date = person.birth_date
),

sized as (
    select block, block_key, count(*) as block_size
    from gathered
    group by block, block_key
)

select gathered.block, gathered.block_key, gathered.person_id, sized.block_size
from gathered
join sized on sized.block = gathered.block and sized.block_key = gathered.block_key
