-- The population register's own rows; a row whose number came from elsewhere is its person probably.
select
    record_id, 'public_security.population' as dataset, 'resident' as role, person_id,
    case when is_number_adopted then 'probable' else 'certain' end as grade,
    cast(case when is_number_adopted then 20 else 99 end as double) as score,
    case when is_number_adopted then 'register:number_adopted' else 'register:own' end as why
from work.register_row
