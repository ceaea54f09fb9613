-- The people whom the household rows of these cases ($cases) name.
select distinct link.person_id
from clean.household as household
join linked.person_record as link
    on link.record_id = household.record_id and link.dataset = 'civil_affairs.households'
where household.case_no in (select unnest($cases)) and link.person_id is not null
order by link.person_id
