-- At what age in months pensions of a kind begin for men and women: how many of some certain links
-- (work.age_sample) began then, of how many.
with begun as (
    select
        record.insurance, person.sex,
        date_diff('month', person.birth_date, record.start_month) as months
    from work.age_sample as sample
    join clean.pension as record on record.record_id = sample.record_id
    join linked.person as person on person.person_id = sample.person_id
    where sample.dataset = 'human_resources.pensions'
        and person.birth_date is not null
        and person.sex is not null
)

select
    insurance, sex, months, count(*) as pensions,
    cast(sum(count(*)) over (partition by insurance, sex) as bigint) as all_pensions
from begun
group by insurance, sex, months
