-- One row for each active case, with what was paid for the newest month that has payments.
select
    active_case.case_no, newest.paid_month as due_month, paid.paid_yuan as total_yuan,
    active_case.monthly_amount_yuan, active_case.benefit_start_month
from shared.active_case as active_case
cross join shared.newest_paid_month as newest
left join shared.paid_month as paid
    on paid.case_no = active_case.case_no and paid.paid_month = newest.paid_month
order by active_case.case_no
