-- Where people live, as a key of letters and digits: the register's present rows and the people of
-- cases; only addresses that an open record has.
with wanted as (
    select distinct address_key from work.saying where address_key is not null
),

sought as (
    select address, address_key
    from work.address_key
    where address_key in (select address_key from wanted)
)

select person.person_id, sought.address_key
from clean.population as population
join sought on sought.address = population.address
join linked.person as person on person.register_record_id = population.record_id
union
select settled.person_id, sought.address_key
from work.subject_row as subject
join sought on sought.address = subject.address
join work.subject_person as settled on settled.subject_id = subject.subject_id
