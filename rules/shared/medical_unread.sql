-- Counted members of whom a settlement, or assistance, stands in a row set aside.
select distinct member.case_no, member.seq, unchecked.dataset
from shared.counted_member as member
join linked.unchecked as unchecked on unchecked.person_id = member.person_id
where unchecked.dataset in (
    'civil_affairs.temporary_assistance', 'medical_insurance.settlements'
)
order by member.case_no, member.seq, unchecked.dataset
