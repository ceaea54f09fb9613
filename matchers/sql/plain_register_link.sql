-- The population register's own rows are their persons'.
select record_id, 'public_security.population' as dataset, 'resident' as role, person_id
from linked.register_row
where not is_number_adopted
