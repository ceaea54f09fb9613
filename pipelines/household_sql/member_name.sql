-- The names that the households' own rows carry, as folded for comparison.
select distinct name
from (
    select member.name
    from asked.household as household
    join {source}.clean.member as member on member.case_no = household.case_no
    where household.kind = 'case'
    union all
    select application.name
    from asked.household as household
    join {source}.clean.application as application
        on application.application_no = household.case_no
    where household.kind = 'application'
    union all
    select name from asked.typed_member
) as carried
where name is not null
order by name
