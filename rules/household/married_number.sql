-- The numbers of both parties on these marriage records ($records).
select husband_id_no, wife_id_no
from clean.marriage
where record_id in (select unnest($records))
order by record_id
