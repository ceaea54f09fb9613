-- Links of the machine against which a person decided, or which the record itself contradicts.
select link.record_id, link.role
from linked.person_record as link
join work.excluded_pair as excluded
    on excluded.record_id = link.record_id
    and excluded.role = link.role
    and excluded.person_id = link.person_id
union
select record_id, role
from work.decided_link
union
select record_id, role
from work.misnumbered_record
