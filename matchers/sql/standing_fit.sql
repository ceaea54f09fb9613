-- How often whom records of a cell speak of has the standing that they presume, among some 50,000 of
-- the certain links in work.age_sample. Those on assistance are counted apart where an employer pays: the state pays their premium as
-- residents, and some work all the same.
with stride as (
    select dataset, 1 + count(*) // 50000 as every
    from work.age_sample
    group by dataset
),

paid as (
    select
        sample.person_id, record.insurance || ' ' || record.insured_as as cell
    from work.age_sample as sample
    join clean.contribution as record on record.record_id = sample.record_id
    join stride on stride.dataset = sample.dataset
    where sample.dataset = 'human_resources.contributions'
        and (sample.record_id & 16777215) // 64 % stride.every = 0
),

billed as (
    select
        sample.person_id,
        case when coalesce(record.assistance_yuan, 0) <> 0 then 'assisted' else 'not assisted' end
            as cell
    from work.age_sample as sample
    join clean.settlement as record on record.record_id = sample.record_id
    join stride on stride.dataset = sample.dataset
    where sample.dataset = 'medical_insurance.settlements'
        and (sample.record_id & 16777215) // 64 % stride.every = 0
),

-- who draws one pension draws hardly another, of whatever kind
drawn as (
    select person_id, count(*) as pensions
    from linked.person_record
    where dataset = 'human_resources.pensions' and grade = 'certain'
    group by person_id
),

aided as (
    select person_id from work.standing where standing = 'aided'
)

select
    'employee' as standing, paid.cell, aided.person_id is not null as is_aided,
    count(*) as records, count(employee.person_id) as having_it
from paid
left join work.standing as employee
    on employee.standing = 'employee' and employee.person_id = paid.person_id
left join aided on aided.person_id = paid.person_id
group by paid.cell, is_aided
union all
select
    'aided' as standing, billed.cell, false as is_aided, count(*) as records,
    count(aided.person_id) as having_it
from billed
left join aided on aided.person_id = billed.person_id
group by billed.cell
union all
select
    'pensioned' as standing, 'pension' as cell, false as is_aided, count(*) as records,
    count(*) filter (where pensions > 1) as having_it
from drawn
