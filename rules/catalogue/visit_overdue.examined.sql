-- One row for each active case.
select
    active.case_no, active.last_visit_date,
    cast(policy.visit_max_age_months as integer) as months_allowed,
    list_contains(active.remarks, 'last_visit_date:unreadable') as is_unreadable
from shared.active_case as active
join policy.in_force as policy on policy.division = active.division
order by active.case_no
