-- Population rows of one valid number: those whose names agree with the number's anchor are one
-- person; every other name is another. place 1 is the person's present row.
with grouped as (
    select
        population.record_id, population.register_no, population.id_no,
        population.person_status, population.status_date,
        case
            when population.name = shared.anchor_name then ''
            when names_agree_code(population.name, shared.anchor_name) is not null then ''
            when names_agree_code(population.former_name, shared.anchor_name) is not null then ''
            else coalesce(population.name, '?')
        end as name_group
    from clean.population as population
    join work.shared_number as shared on shared.id_no = population.id_no
),

ranked as (
    select
        record_id, id_no, name_group,
        'R' || min(register_no) over (partition by id_no, name_group) as person_key,
        row_number() over (
            partition by id_no, name_group
            order by
                person_status <> '0', person_status = '5', status_date desc nulls last, register_no
        ) as place
    from grouped
)

select
    record_id, person_key, place,
    first_value(record_id) over (partition by id_no, name_group order by place) as person_id
from ranked
