-- Living counted members of 低保边缘 cases (31) who are severely disabled (level 1 or 2, or 3 with
-- an intellectual or mental disability) or seriously ill, and in receipt in no case of 11 to 23.
with protected as (
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
    case when unread.person_id is not null then 'not_checked' else 'found' end as answer,
    case when unread.person_id is not null
        then 'row_set_aside:civil_affairs.members#' || member.seq end as reason,
    true as verify_only,
    member.name_raw as member_name,
    member.disability_kind,
    member.disability_level
from shared.counted_member as member
join shared.active_case as active using (case_no)
anti join protected on protected.person_id = member.person_id
left join unread on unread.person_id = member.person_id
where active.scheme = '31'
    and not member.is_certainly_dead
    and (
        member.disability_level in (1, 2)
        or (member.disability_level = 3 and member.disability_kind in ('5', '6'))
        or member.is_seriously_ill
    )
order by member.case_no, member.seq
