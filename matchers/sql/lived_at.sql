-- Where people live, as a key of letters and digits: the register's present rows and the people of
-- cases; only addresses that an open record has.
with wanted as (
    select distinct address_key from work.open_record where address_key is not null
),

address as (
    select person.person_id, population.address
    from linked.person as person
    join clean.population as population on population.record_id = person.register_record_id
    where population.address is not null
    union all
    select settled.person_id, subject.address
    from work.subject_row as subject
    join work.subject_person as settled on settled.subject_id = subject.subject_id
    where subject.address is not null
),

keyed as (
    select
        person_id,
        regexp_replace(address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as address_key
    from address
)

select distinct keyed.person_id, keyed.address_key
from keyed
join wanted on wanted.address_key = keyed.address_key
