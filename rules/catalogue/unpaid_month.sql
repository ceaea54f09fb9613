-- Cases in receipt (待遇状态 1), begun by P, that were paid nothing for P, the newest month having
-- payment rows. Rows that take each other back to nothing are no payment.
with newest as (
    select max(paid_month) as newest_month from shared.newest_paid_month
),
due as (
    select
        active.case_no,
        active.record_id,
        active.monthly_amount_yuan,
        active.benefit_start_month,
        newest.newest_month
    from shared.active_case as active
    cross join newest
    left join shared.paid_month as paid
        on paid.case_no = active.case_no and paid.paid_month = newest.newest_month
    where active.benefit_status = '1'
        and active.monthly_amount_yuan > 0
        and coalesce(active.benefit_start_month <= newest.newest_month, true)
        and coalesce(paid.paid_yuan, 0) <= 0
)
select
    case_no,
    record_id,
    strftime(newest_month, '%Y-%m') as period,
    case when newest_month is null then 'not_checked' else 'found' end as answer,
    case when newest_month is null then 'no_payment_month' end as reason,
    newest_month as unpaid_month,
    monthly_amount_yuan,
    benefit_start_month
from due
order by case_no
