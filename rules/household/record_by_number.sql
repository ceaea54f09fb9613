-- The register rows, enrolments and cremations under these numbers ($numbers: their first seventeen digits).
select number, record_id
from checking.record_of_number
where number in (select unnest($numbers))
order by record_id
