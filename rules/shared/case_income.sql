-- The income of each active case against its line; yuan a month. is_judged: a line applies (not scheme
-- 32, not in a grace period still running). is_over: per-head income above line × (1 + tolerance),
-- compared as total > line × (1 + tolerance) × heads, so that nothing is rounded before comparing.
-- The total is a lower bound where some wage is unknown, some declared income could not be read, or some
-- member or source is not checked.
with summed as (
    select
        case_no, sum(counted_yuan) as total_yuan, max(began_month) as began_month,
        sum(case when wage_state = 'unknown' then 1 else 0 end) as unknown_wages,
        sum(case when is_declared_unread then 1 else 0 end) as unread_incomes
    from shared.member_income
    group by case_no
),

measured as (
    select
        active_case.case_no, active_case.scheme, active_case.heads, active_case.line_yuan,
        active_case.benefit_status = '3'
        and active_case.grace_end_month >= date_trunc('month', cast($as_of as date))
            as is_in_grace,
        active_case.benefit_status = '3' and active_case.grace_end_month is null
            as is_grace_unknown,
        policy.income_tolerance_share as tolerance_share,
        cast(summed.total_yuan as decimal(14, 2)) as total_yuan, summed.began_month,
        summed.unknown_wages, summed.unread_incomes
    from shared.active_case as active_case
    join summed on summed.case_no = active_case.case_no
    left join policy.in_force as policy on policy.division = active_case.division
),

judged as (
    select
        measured.*,
        coalesce(line_yuan is not null and heads > 0 and not coalesce(is_in_grace, false), false)
            as is_judged,
        cast(line_yuan as decimal(24, 6)) * cast(1 + tolerance_share as decimal(9, 6))
        * cast(heads as decimal(6, 0)) as threshold_yuan
    from measured
)

select
    case_no, scheme, heads, line_yuan, tolerance_share, total_yuan, began_month, unknown_wages,
    unread_incomes, is_judged, coalesce(is_in_grace, false) as is_in_grace, is_grace_unknown, threshold_yuan,
    is_judged and not is_grace_unknown and coalesce(total_yuan > threshold_yuan, false) as is_over
from judged
order by case_no
