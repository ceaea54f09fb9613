-- One row for each active case.
select
    case_no, approved_date, published_date,
    list_contains(remarks, 'published_date:unreadable') as is_unreadable
from shared.active_case
order by case_no
