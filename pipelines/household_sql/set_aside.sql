-- Rows set aside that bear on these cases. A row of an application that could not be read is a member who
-- is not known: it is found by the application number in its text.
select set_aside.*
from {source}.clean.set_aside as set_aside
join asked.related_case as related on related.case_no = set_aside.case_no
union all
select set_aside.* replace (household.case_no as case_no, 'civil_affairs.members' as dataset)
from {source}.clean.set_aside as set_aside
join asked.household as household
    on household.kind = 'application' and contains(set_aside.raw_text, household.case_no)
where set_aside.dataset = 'civil_affairs.applications'
union all
select set_aside.*
from {source}.clean.set_aside as set_aside
where set_aside.dataset = 'civil_affairs.payments' and set_aside.case_no is null
