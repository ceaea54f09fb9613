-- Population rows whose valid number may be another's: their birth date is not the number's, and nobody else has
-- the number under their name. They lack a number like those of lacking_register_row.sql: another
-- department's serves, if it has name, birth date and sex of the row. Of several rows of one person the
-- present one, where all of them say so.
with person_row as (
    select
        population.record_id, population.name, population.former_name, population.sex,
        population.birth_date, population.id_no,
        coalesce(shared.person_id, population.record_id) as person_id
    from clean.population as population
    left join work.shared_register_row as shared on shared.record_id = population.record_id
    where substr(population.id_no, 7, 8) <> strftime(population.birth_date, '%Y%m%d')
        and population.name is not null
),

own_row as (
    select person_id, count(*) as all_rows
    from work.shared_register_row
    group by person_id
),

contradicting as (
    select person_row.person_id
    from person_row
    left join own_row on own_row.person_id = person_row.person_id
    group by person_row.person_id
    having count(*) = coalesce(any_value(own_row.all_rows), 1)
),

present as (
    select person_row.*
    from person_row
    semi join contradicting on contradicting.person_id = person_row.person_id
    where person_row.record_id = person_row.person_id
),

other_row as (
    select id_no, name
    from work.unclear
    semi join present on present.id_no = unclear.id_no
    union
    select id_no, name
    from work.subject_row
    semi join present on present.id_no = subject_row.id_no
),

explained as (
    select person_id
    from linked.plain_link
    where person_id in (select person_id from present)
    union
    select present.person_id
    from present
    join other_row on other_row.id_no = present.id_no
    where names_agree_code(present.name, other_row.name) is not null
        or names_agree_code(present.former_name, other_row.name) is not null
)

select
    present.record_id, present.name, present.former_name, present.sex, present.birth_date,
    cast(null as varchar) as id_text, cast(null as varchar) as case_no
from present
anti join explained on explained.person_id = present.person_id
