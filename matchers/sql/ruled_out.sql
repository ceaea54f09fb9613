-- Of whom a saying does not speak: whom the record's paper names already, or of whom a person said no.
select saying.saying_id, already.person_id
from work.saying as saying
join work.paper_person as already on already.paper = saying.paper
union all
select record.saying_id, excluded.person_id
from work.excluded_pair as excluded
join work.open_record as record
    on record.record_id = excluded.record_id and record.role = excluded.role
