-- How many people each unit of an open record has to do with, as a share of everybody known.
with wanted as (
    select distinct unit from work.saying where unit is not null
),

sized as (
    select
        'human_resources.contributions ' || employer_no as unit,
        approx_count_distinct(id_no) as people
    from clean.contribution
    where id_no is not null
        and 'human_resources.contributions ' || employer_no in (select unit from wanted)
    group by employer_no
    union all
    select
        'medical_insurance.settlements ' || institution as unit,
        approx_count_distinct(id_no) as people
    from clean.settlement
    where id_no is not null
        and 'medical_insurance.settlements ' || institution in (select unit from wanted)
    group by institution
)

select
    sized.unit,
    least(greatest(sized.people, 1) / (select count(*) from linked.person), 0.5) as share
from sized
join wanted on wanted.unit = sized.unit
