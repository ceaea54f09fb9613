-- Valid numbers that several population rows bear, with the name by which their persons are told
-- apart: that of the row present (RYZT 0) before others, then of the smallest register number.
with repeated as (
    select id_no, count(*) as bearing_rows
    from clean.population
    where id_no is not null
    group by id_no
    having count(*) > 1
),

ranked as (
    select
        population.id_no, population.name, repeated.bearing_rows,
        row_number() over (
            partition by population.id_no
            order by
                population.person_status = '5', population.person_status <> '0',
                population.register_no
        ) as place
    from clean.population as population
    join repeated on repeated.id_no = population.id_no
)

select id_no, name as anchor_name, bearing_rows
from ranked
where place = 1
