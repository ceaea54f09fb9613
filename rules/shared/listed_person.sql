-- Persons who are, or for a set-aside row may be, counted members of an active case: what cannot be
-- read of civil affairs' own must not make anybody look unlisted.
select person_id
from shared.counted_member
where person_id is not null
union
select person_id
from linked.unchecked
where dataset in ('civil_affairs.members', 'civil_affairs.households') and person_id is not null
union
select subject.person_id
from clean.set_aside as set_aside
join linked.subject as subject on subject.case_no = set_aside.case_no and subject.kind = 'case'
where set_aside.dataset = 'civil_affairs.households' and subject.person_id is not null
order by person_id
