-- Active cases without a date of public notice (公示日期).
-- A date that could not be read is not a blank one: the case is then not checked.
select
    active.case_no,
    active.record_id,
    case when list_contains(active.remarks, 'published_date:unreadable')
        then 'not_checked' else 'found' end as answer,
    case when list_contains(active.remarks, 'published_date:unreadable')
        then 'value_unreadable:civil_affairs.households' end as reason,
    active.approved_date
from shared.active_case as active
where active.published_date is null
order by active.case_no
