-- The valid identity numbers that the households' own rows carry.
select distinct id_no
from (
    select member.id_no
    from asked.household as household
    join {source}.clean.member as member on member.case_no = household.case_no
    where household.kind = 'case'
    union all
    select application.id_no
    from asked.household as household
    join {source}.clean.application as application
        on application.application_no = household.case_no
    where household.kind = 'application'
    union all
    select id_no from asked.typed_member
) as carried
where id_no is not null
order by id_no
