-- One row for each case whose benefit ended, with the months paid (net) from then on.
select
    household.case_no, household.stop_month, count(paid.paid_month) as months_paid
from clean.household as household
left join shared.paid_month as paid
    on paid.case_no = household.case_no
    and paid.paid_month >= household.stop_month
    and paid.paid_yuan > 0
where household.benefit_status = '2'
group by household.case_no, household.stop_month
order by household.case_no
