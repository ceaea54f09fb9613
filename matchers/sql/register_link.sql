-- A row of the population register whose number came from elsewhere is its person probably.
select
    record_id, 'public_security.population' as dataset, 'resident' as role, person_id,
    'probable' as grade, cast(20 as double) as score, 'register:number_adopted' as why
from linked.register_row
where is_number_adopted
