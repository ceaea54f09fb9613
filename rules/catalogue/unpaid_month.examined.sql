-- One row for each active case, with what was paid for the newest month that has payments.
select
    active.case_no, active.benefit_status, newest.paid_month as unpaid_month,
    active.monthly_amount_yuan, active.benefit_start_month, coalesce(paid.paid_yuan, 0) as paid_yuan
from shared.active_case as active
cross join (select max(paid_month) as paid_month from shared.newest_paid_month) as newest
left join shared.paid_month as paid
    on paid.case_no = active.case_no and paid.paid_month = newest.paid_month
order by active.case_no
