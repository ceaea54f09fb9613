-- One row for each living counted member, with what is registered and what was declared.
with incomplete as (
    select distinct case_no
    from clean.set_aside
    where dataset = 'civil_affairs.members' and case_no is not null
)

select
    member.case_no, member.seq, counted.name_raw as member_name, member.registered_yuan,
    member.declared_yuan,
    member.registered_yuan - coalesce(member.declared_yuan, 0) as difference_yuan,
    member.wage_state, member.is_authorised, member.is_declared_unread, income.is_over,
    incomplete.case_no is not null as is_incomplete
from shared.member_income as member
join shared.counted_member as counted
    on counted.case_no = member.case_no and counted.seq = member.seq
join shared.case_income as income on income.case_no = member.case_no
left join incomplete on incomplete.case_no = member.case_no
order by member.case_no, member.seq
