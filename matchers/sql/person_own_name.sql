-- The name under which persons stand in their own cases, where the register has another. A slip in writing the
-- register's (a homophone, a character lost or spelled out) is none: whose record has the same slip is as
-- like as not somebody else of the name meant.
with stated as (
    select distinct person.person_id, person.name as register_name, subject.name
    from work.subject_person as settled
    join work.subject_row as subject on subject.subject_id = settled.subject_id
    join linked.person as person on person.person_id = settled.person_id
    where subject.name <> person.name
)

select person_id, min(name) as name
from stated
where not regexp_matches(name, '[?a-z]')
    and names_agree_code(name, register_name) is distinct from 'homophone'
group by person_id
