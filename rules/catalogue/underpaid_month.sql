-- Active cases, begun by P, paid something for P (the newest month having payment rows) but less
-- than 月保障金额 by more than 1 yuan. One row for each payment of that month.
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
    short.case_no,
    payment.record_id,
    strftime(short.newest_month, '%Y-%m') as period,
    short.newest_month as underpaid_month,
    short.monthly_amount_yuan,
    short.paid_total_yuan,
    short.monthly_amount_yuan - short.paid_total_yuan as short_yuan
from short
join clean.payment as payment
    on payment.case_no = short.case_no and payment.paid_month = short.newest_month
order by short.case_no, payment.record_id
