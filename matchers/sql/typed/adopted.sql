-- Register rows without a valid number of their own that the night gave one from other registers.
select population.record_id, other.id_no
from clean.population as population
join shown.linked.other_person as other
    on other.register_record_id = population.record_id and other.is_number_adopted
where other.place = 1
