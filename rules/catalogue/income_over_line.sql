-- Income a head above the line and the tolerance; what is not known makes the income a lower bound.
-- Rows: the arithmetic (place 1), the estimate (2), member by member what the income is read from, and
-- at last the months of the estimate.
with payments_known as (
    select count(*) = 1 as is_known
    from clean.source_status
    where dataset = 'civil_affairs.payments' and state = 'in_force'
),

over_line as (
    select
        case_no, total_yuan, heads, tolerance_share, began_month,
        cast(line_yuan as decimal(14, 2)) as line_yuan,
        cast(
            cast(
                (2 * cast(total_yuan * 100 as bigint) + heads) // (2 * heads) as decimal(16, 0)
            ) * 0.01 as decimal(14, 2)
        ) as per_head_yuan,
        cast(threshold_yuan / heads as decimal(14, 2)) as limit_yuan
    from shared.case_income
    where is_over
),

estimate as (
    select
        over_line.case_no, over_line.began_month, count(paid.paid_month) as paid_months,
        case
            when bool_and(payments_known.is_known) and over_line.began_month is not null
                then cast(coalesce(sum(paid.paid_yuan), 0) as decimal(14, 2))
        end as at_risk_yuan
    from over_line
    cross join payments_known
    left join shared.paid_month as paid
        on paid.case_no = over_line.case_no and paid.paid_month > over_line.began_month
    group by over_line.case_no, over_line.began_month
),

line as (
    select
        case_no, 0 as seq, 1 as place, 'total' as sentence, cast(null as bigint) as record_id,
        cast(null as date) as paid_month, 'found' as answer, cast(null as varchar) as reason
    from over_line
    union all
    select case_no, 0, 2, 'estimate', null, null, 'found', null
    from estimate
    where at_risk_yuan > 0
    union all
    select estimate.case_no, 1000000, 1, 'month', null, paid.paid_month, 'found', null
    from estimate
    join shared.paid_month as paid
        on paid.case_no = estimate.case_no and paid.paid_month > estimate.began_month
    where estimate.at_risk_yuan > 0
    union all
    select evidence.case_no, evidence.seq, evidence.place, evidence.sentence, evidence.record_id,
        null, 'found', null
    from shared.income_evidence as evidence
    join over_line on over_line.case_no = evidence.case_no
    union all
    select member.case_no, member.seq, 9, null, null, null, 'not_checked',
        'wage_unknown:' || cast(member.seq as varchar)
    from shared.case_income as income
    join shared.member_income as member on member.case_no = income.case_no
    where income.is_judged and not income.is_over and member.wage_state = 'unknown'
    union all
    select member.case_no, member.seq, 9, null, null, null, 'not_checked',
        'value_unreadable:civil_affairs.members#' || cast(member.seq as varchar)
    from shared.case_income as income
    join shared.member_income as member on member.case_no = income.case_no
    where income.is_judged and not income.is_over and member.is_declared_unread
    union all
    select case_no, 0, 9, null, null, null, 'not_checked', 'grace_end_unknown'
    from shared.case_income
    where is_grace_unknown
    union all
    select case_no, 0, 9, null, null, null, 'not_applicable', null
    from shared.case_income
    where is_in_grace
)

select
    line.case_no, line.answer, line.reason, line.record_id, evidence.role, evidence.link_grade,
    risk.at_risk_yuan, line.sentence, total.total_yuan, total.heads, total.per_head_yuan,
    total.line_yuan, total.tolerance_share, total.limit_yuan, shown.began_month,
    shown.paid_months, shown.at_risk_yuan as estimated_yuan, evidence.member_name,
    evidence.declared_yuan, evidence.wage_yuan, evidence.pension_yuan, evidence.unemployment_yuan,
    evidence.registered_yuan, evidence.counted_yuan, evidence.mean_yuan, evidence.work_cost_share,
    evidence.first_month, evidence.newest_month, evidence.employer_name, evidence.insurance,
    evidence.month, evidence.reported_yuan, evidence.exempt_yuan, evidence.start_month,
    evidence.end_month, line.paid_month, paid.paid_yuan as month_yuan
from line
left join estimate as risk on risk.case_no = line.case_no
left join over_line as total on total.case_no = line.case_no and line.sentence = 'total'
left join estimate as shown on shown.case_no = line.case_no and line.sentence = 'estimate'
left join shared.paid_month as paid
    on paid.case_no = line.case_no and paid.paid_month = line.paid_month
left join shared.income_evidence as evidence
    on evidence.case_no = line.case_no
    and evidence.seq = line.seq
    and evidence.sentence = line.sentence
    and coalesce(evidence.record_id, 0) = coalesce(line.record_id, 0)
order by
    line.case_no, line.seq, line.place, evidence.month, line.paid_month, line.record_id, line.reason
