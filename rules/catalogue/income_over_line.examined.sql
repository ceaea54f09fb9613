-- One row for each active case, with its income against its line.
select
    active_case.case_no, income.total_yuan, active_case.heads,
    cast(active_case.line_yuan as decimal(14, 2)) as line_yuan, income.tolerance_share,
    cast(income.threshold_yuan / nullif(income.heads, 0) as decimal(14, 2)) as limit_yuan,
    coalesce(income.is_in_grace, false) as is_in_grace,
    coalesce(income.is_grace_unknown, false) as is_grace_unknown,
    coalesce(income.is_judged, false) as is_judged, coalesce(income.is_over, false) as is_over,
    coalesce(income.unknown_wages, 0) as unknown_wages,
    coalesce(income.unread_incomes, 0) as unread_incomes
from shared.active_case as active_case
left join shared.case_income as income on income.case_no = active_case.case_no
order by active_case.case_no
