-- Enrolments under one of these names ($names) that are tied to nobody.
select record_id
from checking.untied_enrolment
where name in (select unnest($names))
order by record_id
