-- Living counted members of 低保边缘 cases (31) who are severely disabled (level 1 or 2, or 3 with
-- an intellectual or mental disability) or seriously ill, and in receipt in no case of 11 to 23.
-- What could not be read of it is not nothing.
with affected as (
    select
        member.record_id,
        coalesce(member.disability_level in (1, 2), false)
        or coalesce(member.disability_level = 3 and member.disability_kind in ('5', '6'), false)
        or coalesce(member.is_seriously_ill, false) as is_severe,
        list_contains(member.remarks, 'disability_level:unreadable')
        or list_contains(member.remarks, 'is_seriously_ill:unreadable')
        or coalesce(
            member.disability_level = 3
            and list_contains(member.remarks, 'disability_kind:unknown_code'),
            false
        ) as may_be_severe
    from clean.member as member
    join clean.household as household on household.case_no = member.case_no
    where household.scheme = '31'
),
protected as (
    select member.person_id
    from shared.counted_member as member
    join shared.active_case as active using (case_no)
    where member.is_beneficiary and active.scheme in ('11', '12', '21', '22', '23')
),
unread as (
    select distinct person_id
    from linked.unchecked
    where dataset in ('civil_affairs.households', 'civil_affairs.members')
)
select
    member.case_no,
    member.seq,
    member.record_id,
    case
        when unread.person_id is not null or not affected.is_severe then 'not_checked'
        else 'found'
    end as answer,
    case
        when unread.person_id is not null then 'row_set_aside:civil_affairs.members#' || member.seq
        when not affected.is_severe then 'value_unreadable:civil_affairs.members#' || member.seq
    end as reason,
    true as verify_only,
    member.name_raw as member_name,
    member.disability_kind,
    member.disability_level
from shared.counted_member as member
join affected on affected.record_id = member.record_id
anti join protected on protected.person_id = member.person_id
left join unread on unread.person_id = member.person_id
where not member.is_certainly_dead and (affected.is_severe or affected.may_be_severe)
order by member.case_no, member.seq
