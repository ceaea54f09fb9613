-- The population rows in question. Rows of one number are one person or several by themselves, so that
-- the night's queries say of these what they say of the whole register.
select *
from shown.clean.population
where id_no in (select id_no from work.wanted_number)
union all
select population.*
from shown.clean.population as population
semi join shown.linked.other_person as other
    on other.register_record_id = population.record_id
    and other.is_number_adopted
    and other.id_no in (select id_no from work.wanted_number)
where population.id_no is null or population.id_no not in (select id_no from work.wanted_number)
