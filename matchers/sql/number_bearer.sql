-- The persons who bear the numbers in question, under each name they go by: the register's present
-- and former ones, and those of their own cases, with
-- the number that stands there.
with wanted as (
    select distinct id_no from work.number_differs
),

borne as (
    select id_no, person_id, name, 'same' as kind from work.borne_number
    where id_no in (select id_no from wanted)
    union
    select id_no, person_id, former_name as name, 'former' as kind from work.borne_number
    where id_no in (select id_no from wanted)
    union
    select person.id_no, person.person_id, person.name, 'same' as kind
    from linked.person as person
    where person.register_record_id is null
    union
    select person.id_no, person.person_id, subject.name, 'same' as kind
    from work.subject_row as subject
    join work.subject_person as settled on settled.subject_id = subject.subject_id
    join linked.person as person on person.person_id = settled.person_id
    union
    select id_no, person_id, name, 'same' as kind
    from work.carried_number
)

select id_no, person_id, name, max(kind) as kind
from borne
where id_no in (select id_no from wanted)
group by id_no, person_id, name
