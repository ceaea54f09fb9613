-- How many people each unit of an open record has to do with, as a share of everybody known.
with wanted as (
    select distinct dataset, unit_no, unit from work.saying where unit is not null
),

sized as (
    select
        'human_resources.contributions' as dataset, employer_no as unit_no,
        approx_count_distinct(id_no) as people
    from clean.contribution
    where id_no is not null
        and employer_no in (
            select unit_no from wanted where dataset = 'human_resources.contributions'
        )
    group by employer_no
    union all
    select
        'medical_insurance.settlements' as dataset, institution as unit_no,
        approx_count_distinct(id_no) as people
    from clean.settlement
    where id_no is not null
        and institution in (
            select unit_no from wanted where dataset = 'medical_insurance.settlements'
        )
    group by institution
)

select
    wanted.unit,
    least(greatest(sized.people, 1) / (select count(*) from linked.person), 0.5) as share
from sized
join wanted on wanted.dataset = sized.dataset and wanted.unit_no = sized.unit_no
