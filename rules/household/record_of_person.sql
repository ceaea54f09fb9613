-- Which records speak of a person, in the order of people: the way back of linked.person_record, which lies
-- in the order of records.
select person_id, record_id
from linked.person_record
where person_id is not null
order by person_id, record_id
