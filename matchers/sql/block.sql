-- The blocks that open records look into: rule, key, person, and how many persons a block holds.
-- Names that many persons bear are looked up together with something else that an open record has.
with unknown as (
    select
        saying.name, saying.name_key, saying.birth_date, saying.number_birth_date,
        saying.township_code
    from work.saying as saying
    anti join work.repaired_person as repaired
        on repaired.is_plain and repaired.saying_id = saying.saying_id
),

dated as (
    select name_key, birth_date from unknown where birth_date is not null
    union
    select name_key, number_birth_date as birth_date
    from unknown
    where number_birth_date is not null
),

placed as (
    select distinct name_key, township_code from unknown where township_code is not null
),

-- of each date that names somebody and of each township: one look at all who bear such a name
named_person as (
    select
        named.name_key, named.bearers, person.person_id, person.birth_date, person.township_code,
        dated.birth_date is not null as is_born_then,
        placed.township_code is not null as lives_there
    from work.person_name as named
    join linked.person as person on person.person_id = named.person_id
    left join dated
        on dated.name_key = named.name_key and dated.birth_date = person.birth_date
    left join placed
        on placed.name_key = named.name_key and placed.township_code = person.township_code
    where dated.birth_date is not null or placed.township_code is not null
),

unnamed_birth as (
    select distinct unknown.birth_date
    from unknown
    anti join named_person as namesake
        on namesake.name_key = unknown.name_key and namesake.birth_date = unknown.birth_date
    where unknown.birth_date is not null
),

-- where a letter may be wrong no name finds another: Latin names, which are few, by day of birth and township
latin as (
    select birth_date, number_birth_date, township_code
    from unknown
    where work.is_latin(name)
),

latin_person as (
    select person_id, birth_date, township_code
    from linked.person
    where name >= 'a' and name < '{'
        and work.is_latin(name)
),

gathered as (
    select 'name_birth' as block, name_key || ' ' || cast(birth_date as varchar) as block_key,
        person_id
    from named_person
    where is_born_then and bearers > $name_cap
    union all
    select 'name_township' as block, name_key || ' ' || township_code as block_key, person_id
    from named_person
    where lives_there and bearers > $name_cap
    union all
    select 'address' as block, address_key as block_key, person_id from work.lived_at
    union all
    select distinct 'case' as block, subject.case_no as block_key, settled.person_id
    from work.subject_row as subject
    join work.subject_person as settled on settled.subject_id = subject.subject_id
    where subject.case_no in (select case_no from work.saying where case_no is not null)
    union all
    select 'paper' as block, paper.paper as block_key, person.person_id
    from work.paper_household as paper
    join linked.person as person on person.household_no = paper.household_no
    union all
    select 'unit' as block, unit || ' ' || name as block_key, person_id from work.unit_record
    union all
    select 'standing' as block, cast(saying_id as varchar) as block_key, person_id
    from work.standing_block
    union all
    select 'latin_birth' as block, cast(birth_date as varchar) as block_key, person_id
    from latin_person
    where birth_date in (
        select birth_date from latin union select number_birth_date from latin
    )
    union all
    select 'latin_township' as block, township_code as block_key, person_id
    from latin_person
    where township_code in (select township_code from latin)
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

select 'name' as block, name_key as block_key, person_id, bearers as block_size
from work.person_name
where bearers <= $name_cap
union all
select gathered.block, gathered.block_key, gathered.person_id, sized.block_size
from gathered
join sized on sized.block = gathered.block and sized.block_key = gathered.block_key
