-- The cases ($cases), every other case these people ($persons) stand in, and those where a member
-- carries the identity number of one of the cases' members.
with numbers as (
    select distinct id_no
    from clean.member
    where case_no in (select unnest($cases)) and id_no is not null
)

select unnest($cases) as case_no
union
select case_no
from linked.subject
where kind = 'case' and person_id in (select unnest($persons))
union
select member.case_no
from clean.member as member
join numbers on numbers.id_no = member.id_no
order by case_no
