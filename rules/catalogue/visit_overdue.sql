-- Active cases whose last home visit (最近入户日期) is blank or older than allowed.
-- A date that could not be read is not a blank one: the case is then not checked.
select
    active.case_no,
    active.record_id,
    case when list_contains(active.remarks, 'last_visit_date:unreadable')
        then 'not_checked' else 'found' end as answer,
    case when list_contains(active.remarks, 'last_visit_date:unreadable')
        then 'value_unreadable:civil_affairs.households' end as reason,
    case when active.last_visit_date is null then 'blank' else 'main' end as sentence,
    active.last_visit_date,
    cast(policy.visit_max_age_months as integer) as months_allowed
from shared.active_case as active
join policy.in_force as policy using (division)
where active.last_visit_date is null
    or active.last_visit_date <= $as_of - to_months(cast(policy.visit_max_age_months as integer))
order by active.case_no
