-- The one living counted member of each active 低保 case (11, 12) that has just one.
-- is_married: every event of the newest day leaves the person married. (A lost certificate is often
-- replaced, ICA, on the day of the divorce, IB.)
with alone as (
    select
        member.case_no, member.seq, member.subject_id, member.record_id, member.name_raw,
        member.age, member.birth_date
    from shared.active_case as active
    join shared.counted_member as member on member.case_no = active.case_no
    where active.scheme in ('11', '12') and active.heads = 1 and not member.is_certainly_dead
),

supported as (
    select distinct case_no from clean.member where member_kind = '2'
),

event as (
    select
        alone.case_no, marriage.event,
        rank() over (
            partition by alone.case_no order by marriage.registered_date desc
        ) as place
    from alone
    join linked.subject_record as link
        on link.subject_id = alone.subject_id and link.dataset = 'civil_affairs.marriages'
    join clean.marriage as marriage on marriage.record_id = link.record_id
    where marriage.registered_date <= $as_of
),

married as (
    select case_no
    from event
    where place = 1
    group by case_no
    having bool_and(event in ('IA', 'ICA'))
)

select
    alone.case_no, alone.seq, alone.record_id, alone.name_raw as member_name,
    alone.birth_date as member_birth_date, alone.age,
    supported.case_no is not null as has_supporter, married.case_no is not null as is_married
from alone
left join supported on supported.case_no = alone.case_no
left join married on married.case_no = alone.case_no
order by alone.case_no
