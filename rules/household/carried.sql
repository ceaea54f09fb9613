-- The numbers and names, as folded for comparison, on the member rows of these cases ($cases) and on the rows
-- of these applications ($applications).
select id_no, name
from clean.member
where case_no in (select unnest($cases))
union
select id_no, name
from clean.application
where application_no in (select unnest($applications))
order by id_no, name
