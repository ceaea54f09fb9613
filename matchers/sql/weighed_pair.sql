-- linked.weighed_pair: the pairs that were compared without equal numbers, as they were weighed.
select *
from work.told_pair
order by record_id, role, place
