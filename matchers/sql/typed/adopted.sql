-- Register rows without a valid number of their own that the night gave one from other registers.
select population.record_id, person.id_no
from clean.population as population
join linked.person as person on person.register_record_id = population.record_id
where population.id_no is null and person.id_no is not null
