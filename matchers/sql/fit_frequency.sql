-- How often two people would agree by chance, reckoned from how often each value is met: no sample
-- is large enough for an equal birth date. share: of all pairs of two people those with one value.
with persons as (
    select count(*) as all_persons from linked.person
),

dated as (
    select
        birth_date, extract(year from birth_date) as year, extract(month from birth_date) as month,
        extract(day from birth_date) as day
    from linked.person
    where birth_date is not null
),

counted as (
    select 'date' as what, count(*) as met from dated group by birth_date
    union all
    select 'year' as what, count(*) as met from dated group by year
    union all
    select 'month' as what, count(*) as met from dated group by year, month
    union all
    select 'day' as what, count(*) as met from dated group by year, day
    union all
    select 'sex' as what, count(*) as met from linked.person where sex is not null group by sex
    union all
    select 'township' as what, count(*) as met
    from linked.person
    where township_code is not null
    group by township_code
),

stray as (
    select count(*) as pairs from work.fit_number_pair where name = 'different'
),

sampled as (
    select least(sum(records), $sample) as records
    from work.saying
    where id_text is not null and name is not null
)

select what, sum(met * (met - 1.0)) / (sum(met) * (sum(met) - 1.0)) as share
from counted
group by what
union all
select 'number' as what, stray.pairs / greatest(sampled.records, 1) / persons.all_persons as share
from stray
cross join sampled
cross join persons
order by what
