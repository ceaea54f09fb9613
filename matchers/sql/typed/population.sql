-- The population rows in question. Rows of one number are one person or several by themselves, so that
-- the night's queries say of these what they say of the whole register.
select *
from shown.clean.population
where id_no in (select id_no from work.wanted_number)
union all
select population.*
from shown.clean.population as population
join shown.linked.person as person on person.register_record_id = population.record_id
where population.id_no is null and person.id_no in (select id_no from work.wanted_number)
