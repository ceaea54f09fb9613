-- The register's rows of the numbers in question (work.unclear, work.contested_person), with whose they are.
with wanted as (
    select id_no from work.unclear
    union
    select id_no from work.contested_person
)

select register.id_no, register.person_id, register.name, register.former_name
from linked.register_row as register
semi join wanted on wanted.id_no = register.id_no
