-- The cases in which one of these people ($persons) stands, or a member under one of these numbers ($numbers).
select case_no
from linked.subject
where kind = 'case' and person_id in (select unnest($persons))
union
select case_no
from clean.member
where id_no in (select unnest($numbers))
order by case_no
