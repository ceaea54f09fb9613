-- Of papers (a marriage, a title, a contract, a case) on which nobody is known by number: who goes by one of the
-- names on it and lives in a register household with somebody who goes by another. lives_with: how many
-- people live with a bearer of such a name at all, which is how many would fit by chance. Nobody (null) where no
-- such household is known; nothing where more fit than are compared for a name alone.
with nameless as (
    select saying.saying_id, saying.paper, saying.name_key
    from work.saying as saying
    anti join work.paper_person as named on named.paper = saying.paper
    anti join work.outside_paper as outside on outside.paper = saying.paper
    anti join work.crowded_paper as crowded on crowded.paper = saying.paper
    where saying.paper is not null
    qualify count(*) over (partition by saying.paper) <= $block_cap
),

beside as (
    select distinct own.saying_id, own.name_key, other.name_key as other_key
    from nameless as own
    join nameless as other on other.paper = own.paper and other.name_key <> own.name_key
),

-- who goes by such a name, with the household; a household counts once however many of its people do
bearer as (
    select distinct named.name_key, person.household_no, named.person_id
    from work.person_name as named
    semi join beside on beside.name_key = named.name_key
    join linked.person as person on person.person_id = named.person_id
    anti join work.crowded_household as crowded on crowded.household_no = person.household_no
    where person.household_no is not null
),

household as (
    select household_no, count(*) as people
    from linked.person
    where household_no in (select household_no from bearer)
    group by household_no
),

company as (
    select lived.name_key, sum(household.people - 1) as people
    from (select distinct name_key, household_no from bearer) as lived
    join household on household.household_no = lived.household_no
    group by lived.name_key
),

-- before the papers are looked at: no household has many people, some names have very many
together as (
    select distinct own.name_key, other.name_key as other_key, own.person_id
    from bearer as own
    join bearer as other
        on other.household_no = own.household_no
        and other.name_key <> own.name_key
        and other.person_id <> own.person_id
),

-- a paper whose other names nobody bears, as they stand there, tells nothing
told as (
    select beside.saying_id, sum(company.people) as lives_with
    from beside
    join company on company.name_key = beside.other_key
    group by beside.saying_id
)

select distinct
    told.saying_id, together.person_id, cast(greatest(told.lives_with, 1) as bigint) as lives_with
from told
join beside on beside.saying_id = told.saying_id
left join together
    on together.name_key = beside.name_key and together.other_key = beside.other_key
qualify count(together.person_id) over (partition by told.saying_id) <= $name_cap
