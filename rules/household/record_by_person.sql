-- The records that speak of these people ($persons).
select record_id
from checking.record_of_person
where person_id in (select unnest($persons))
order by record_id
