-- A payment for a month from 停发月份 on, of a case with 待遇状态 2. Months that net to nothing (paid and
-- taken back) are none. Without 停发月份 nobody can tell.
with ended as (
    select case_no, record_id, stop_month
    from clean.household
    where benefit_status = '2'
),

paid as (
    select ended.case_no, paid.paid_month, paid.paid_yuan
    from ended
    join shared.paid_month as paid
        on paid.case_no = ended.case_no and paid.paid_month >= ended.stop_month
    where paid.paid_yuan > 0
),

total as (
    select case_no, cast(sum(paid_yuan) as decimal(14, 2)) as at_risk_yuan
    from paid
    group by case_no
),

every_row as (
    select
        ended.case_no, 1 as place, ended.record_id, total.at_risk_yuan, 'main' as sentence,
        ended.stop_month, cast(null as date) as paid_month,
        cast(null as decimal(14, 2)) as paid_yuan, 'found' as answer,
        cast(null as varchar) as reason
    from ended
    join total on total.case_no = ended.case_no
    union all
    select
        paid.case_no, 2, payment.record_id, total.at_risk_yuan, 'payment', null,
        payment.paid_month, payment.paid_yuan, 'found', null
    from paid
    join total on total.case_no = paid.case_no
    join clean.payment as payment
        on payment.case_no = paid.case_no and payment.paid_month = paid.paid_month
    union all
    select
        case_no, 3, null, null, null, null, null, null, 'not_checked', 'stop_month_unknown'
    from ended
    where stop_month is null
)

select
    case_no, answer, reason, record_id, at_risk_yuan, sentence, stop_month, paid_month, paid_yuan
from every_row
order by case_no, place, paid_month, record_id
