-- Active cases, begun by P, paid something for P (the newest month having payment rows) but less
-- than 月保障金额 by more than 1 yuan. A first row with the sum, then one
-- for each payment of that month.
with newest as (
    select max(paid_month) as newest_month from shared.newest_paid_month
),
short as (
    select
        active.case_no,
        active.monthly_amount_yuan,
        newest.newest_month,
        paid.paid_yuan as paid_total_yuan
    from shared.active_case as active
    cross join newest
    join shared.paid_month as paid
        on paid.case_no = active.case_no and paid.paid_month = newest.newest_month
    where active.benefit_start_month <= newest.newest_month
        and paid.paid_yuan > 0
        and active.monthly_amount_yuan - paid.paid_yuan > 1
)
select
    case_no,
    cast(null as bigint) as record_id,
    'main' as sentence,
    strftime(newest_month, '%Y-%m') as period,
    newest_month as underpaid_month,
    monthly_amount_yuan,
    paid_total_yuan,
    monthly_amount_yuan - paid_total_yuan as short_yuan,
    cast(null as decimal(14, 2)) as paid_yuan
from short
union all
select
    short.case_no,
    payment.record_id,
    'payment' as sentence,
    strftime(short.newest_month, '%Y-%m') as period,
    short.newest_month as underpaid_month,
    cast(null as decimal(14, 2)) as monthly_amount_yuan,
    cast(null as decimal(14, 2)) as paid_total_yuan,
    cast(null as decimal(14, 2)) as short_yuan,
    payment.paid_yuan
from short
join clean.payment as payment
    on payment.case_no = short.case_no and payment.paid_month = short.newest_month
order by case_no, record_id nulls first
