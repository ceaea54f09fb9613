-- The household itself, whichever of the two books it stands in.
select
    case_no, 'case' as kind, scheme, township_code, benefit_status, business_date, address
from {stated}.clean.household
where case_no = $case_no and $kind = 'case'
union all
select
    application_no as case_no, 'application' as kind, scheme, township_code,
    cast(null as varchar) as benefit_status, business_date, cast(null as varchar) as address
from {stated}.clean.application
where application_no = $case_no and $kind = 'application'
order by case_no
