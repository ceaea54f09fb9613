-- One row for each living counted member of an active case of scheme 31.
with protected as (
    select distinct member.person_id
    from shared.counted_member as member
    join shared.active_case as active on active.case_no = member.case_no
    where member.is_beneficiary
        and active.scheme in ('11', '12', '21', '22', '23')
        and member.person_id is not null
),

unread as (
    select distinct person_id
    from linked.unchecked
    where dataset in ('civil_affairs.households', 'civil_affairs.members')
)

select
    member.case_no, member.seq, member.name_raw as member_name, member.disability_kind,
    member.disability_level, member.is_seriously_ill,
    list_contains(own.remarks, 'disability_level:unreadable')
    or list_contains(own.remarks, 'is_seriously_ill:unreadable')
    or coalesce(
        member.disability_level = 3
        and list_contains(own.remarks, 'disability_kind:unknown_code'),
        false
    ) as may_be_severe,
    protected.person_id is not null as is_protected, unread.person_id is not null as is_unread
from shared.counted_member as member
join shared.active_case as active on active.case_no = member.case_no
join clean.member as own on own.record_id = member.record_id
left join protected on protected.person_id = member.person_id
left join unread on unread.person_id = member.person_id
where active.scheme = '31' and not member.is_certainly_dead
order by member.case_no, member.seq
