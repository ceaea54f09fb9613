-- Rows set aside that bear on these cases ($cases). A row of an application ($applications) that could not be
-- read is a member who is not known: it is found by the application number in its text.
select set_aside.*
from clean.set_aside as set_aside
where set_aside.case_no in (select unnest($cases))
    or (set_aside.case_no is null and set_aside.dataset = 'civil_affairs.payments')
union all
select set_aside.* replace (asked.case_no as case_no, 'civil_affairs.members' as dataset)
from clean.set_aside as set_aside
join (select unnest($applications) as case_no) as asked
    on contains(set_aside.raw_text, asked.case_no)
where set_aside.dataset = 'civil_affairs.applications'
