-- How many people of an age (a five-year band) are insured as employees or draw a pension at all, among some
-- 100,000 of everybody; employees of those on assistance and of all others apart.
with stride as (
    select 1 + count(*) // 100000 as every from clean.population
),

sampled as (
    select
        person.person_id,
        cast(floor(
            date_diff('day', person.birth_date, cast($as_of as date)) / 1826.25
        ) as integer) as age_band
    from linked.person as person
    cross join stride
    where (person.person_id & 16777215) % stride.every = 0 and person.birth_date is not null
)

select
    wanted.standing,
    wanted.standing = 'employee' and aided.person_id is not null as is_aided,
    sampled.age_band, count(*) as persons, count(standing.person_id) as having_it,
    -- nobody of an age was met with it, or everybody: less than one in the sample is left for chance
    (count(standing.person_id) + 0.5) / (count(*) + 1.0) as share
from sampled
cross join (
    select distinct standing from work.presumed where standing <> 'aided'
) as wanted
left join work.standing as standing
    on standing.standing = wanted.standing and standing.person_id = sampled.person_id
left join work.standing as aided
    on aided.standing = 'aided' and aided.person_id = sampled.person_id
group by wanted.standing, is_aided, sampled.age_band
