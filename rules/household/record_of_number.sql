-- Which register rows, enrolments and cremations carry an identity number, in the order of numbers. A number
-- is its first seventeen digits (the eighteenth follows from them); what has no such digits lies under -1.
with carried as (
    select id_no, record_id
    from clean.population
    where id_no is not null
    union all
    select id_no, record_id
    from clean.enrolment
    where id_no is not null
    union all
    select id_no, record_id
    from clean.cremation
    where id_no is not null
)

select coalesce(try_cast(substr(id_no, 1, 17) as bigint), -1) as number, record_id
from carried
order by number, record_id
