-- The valid numbers that other records have under one of the names of work.wanting_number, or that a
-- slip turned into one of its numbers, with the names they stand under.
select distinct id_no, name
from work.stray_number
where name in (select name from work.wanting_number)
    or id_no in (select id_no from work.repair)
