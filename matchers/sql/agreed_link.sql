-- Certain links whose names are written differently and agree; where several persons bear number
-- and name, nobody is named.
select
    record_id, dataset, role, min(person_id) as person_id,
    'certain' as grade, cast(99 as double) as score,
    'number:equal name:' || min(agreement) as why
from work.number_pair
where agreement is not null and not is_set_aside
group by record_id, dataset, role
having count(*) = 1
