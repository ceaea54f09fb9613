-- What an active case, begun by then, was paid for the newest month P exceeds its monthly amount by
-- more than one yuan.
with over_amount as (
    select
        active_case.case_no, active_case.monthly_amount_yuan, paid.paid_month, paid.paid_yuan,
        cast(paid.paid_yuan - active_case.monthly_amount_yuan as decimal(14, 2)) as difference_yuan
    from shared.active_case as active_case
    join shared.newest_paid_month as newest
        on active_case.benefit_start_month <= newest.paid_month
    join shared.paid_month as paid
        on paid.case_no = active_case.case_no and paid.paid_month = newest.paid_month
    where paid.paid_yuan - active_case.monthly_amount_yuan > 1
),

every_row as (
    select
        case_no, 1 as place, cast(null as bigint) as record_id, difference_yuan as at_risk_yuan,
        strftime(paid_month, '%Y-%m') as period, 'main' as sentence, paid_month as due_month,
        paid_yuan as total_yuan, monthly_amount_yuan, difference_yuan,
        cast(null as date) as paid_month, cast(null as decimal(14, 2)) as paid_yuan
    from over_amount
    union all
    select
        over_amount.case_no, 2, payment.record_id, over_amount.difference_yuan,
        strftime(over_amount.paid_month, '%Y-%m'), 'payment', null, null, null, null,
        payment.paid_month, payment.paid_yuan
    from over_amount
    join clean.payment as payment
        on payment.case_no = over_amount.case_no and payment.paid_month = over_amount.paid_month
)

select
    case_no, record_id, at_risk_yuan, period, sentence, due_month, total_yuan,
    monthly_amount_yuan, difference_yuan, paid_month, paid_yuan
from every_row
order by case_no, place, record_id
