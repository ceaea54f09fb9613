-- The names of persons whom the register does not know, as work.borne_name has all others.
select
    name, work.name_key(name) as name_key,
    count(*) as bearers
from linked.other_person
where register_record_id is null and name is not null
group by name
