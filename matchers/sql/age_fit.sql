-- How well an age fits a dataset's records (or those of a slot): the share of a five-year band among
-- certain records against its share among registered persons; twenty records' worth of doubt keeps a
-- small register from saying much.
with wanted as (
    select distinct dataset
    from work.pair
    where name_level = 'same' and birth_level = 'unknown'
),

linked_band as (
    select
        sample.dataset,
        cast(floor(
            date_diff('day', person.birth_date, cast($as_of as date)) / 1826.25
        ) as integer) as age_band,
        count(*) as records
    from work.age_sample as sample
    join linked.person as person on person.person_id = sample.person_id
    where person.birth_date is not null
    group by all
),

person_band as (
    select
        cast(floor(
            date_diff('day', birth_date, cast($as_of as date)) / 1826.25
        ) as integer) as age_band,
        count(*) as persons
    from linked.person
    where birth_date is not null
    group by all
)

select
    wanted.dataset, person_band.age_band,
    log2(
        (coalesce(linked_band.records, 0) + 20.0 * person_band.persons / total.persons)
        / (sum(coalesce(linked_band.records, 0)) over (partition by wanted.dataset) + 20.0)
        / (person_band.persons / total.persons)
    ) as weight
from wanted
cross join person_band
cross join (select sum(persons) as persons from person_band) as total
left join linked_band
    on linked_band.dataset = wanted.dataset and linked_band.age_band = person_band.age_band
