-- A case in its grace period (待遇状态 3) whose last month lies before the month of the as-of date. Without
-- that month nobody can tell.
with overrun as (
    select case_no, record_id, grace_end_month, monthly_amount_yuan
    from shared.active_case
    where benefit_status = '3'
        and (
            grace_end_month is null
            or grace_end_month < cast(date_trunc('month', cast($as_of as date)) as date)
        )
),

payments_known as (
    select count(*) = 1 as is_known
    from clean.source_status
    where dataset = 'civil_affairs.payments' and state = 'in_force'
),

paid as (
    select
        overrun.case_no, count(paid.paid_month) as paid_months,
        case
            when bool_and(payments_known.is_known)
                then cast(coalesce(sum(paid.paid_yuan), 0) as decimal(14, 2))
        end as paid_yuan
    from overrun
    cross join payments_known
    left join shared.paid_month as paid
        on paid.case_no = overrun.case_no and paid.paid_month > overrun.grace_end_month
    group by overrun.case_no
),

every_row as (
    select
        overrun.case_no, 1 as place, overrun.record_id, paid.paid_yuan as at_risk_yuan,
        'main' as sentence, overrun.grace_end_month, overrun.monthly_amount_yuan,
        cast(null as bigint) as paid_months, cast(null as decimal(14, 2)) as paid_yuan,
        cast(null as date) as paid_month, cast(null as decimal(14, 2)) as month_yuan,
        case when overrun.grace_end_month is null then 'not_checked' else 'found' end as answer,
        case when overrun.grace_end_month is null then 'grace_end_unknown' end as reason
    from overrun
    join paid on paid.case_no = overrun.case_no
    union all
    select
        overrun.case_no, 2, null, paid.paid_yuan, 'amount', overrun.grace_end_month, null,
        paid.paid_months, paid.paid_yuan, null, null, 'found', null
    from overrun
    join paid on paid.case_no = overrun.case_no
    where paid.paid_months > 0 and overrun.grace_end_month is not null
    union all
    select
        overrun.case_no, 3, null, paid.paid_yuan, 'month', null, null, null, null,
        by_month.paid_month, by_month.paid_yuan, 'found', null
    from overrun
    join paid on paid.case_no = overrun.case_no
    join shared.paid_month as by_month
        on by_month.case_no = overrun.case_no and by_month.paid_month > overrun.grace_end_month
    where paid.paid_yuan is not null
)

select
    case_no, answer, reason, record_id, at_risk_yuan, sentence, grace_end_month,
    monthly_amount_yuan, paid_months, paid_yuan, paid_month, month_yuan
from every_row
order by case_no, place, paid_month
