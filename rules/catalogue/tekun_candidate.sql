-- 低保 cases (11, 12) with one living counted member, aged 60 or over or under 16, with no legal
-- supporter listed and not married by the marriage register: candidates for 特困供养.
-- Married: every event of the newest day leaves the person married. (A lost certificate is often
-- replaced, ICA, on the day of the divorce, IB.)
with alone as (
    select
        member.case_no,
        member.seq,
        member.subject_id,
        member.person_id,
        member.record_id,
        member.name_raw,
        member.age,
        member.birth_date
    from shared.active_case as active
    join shared.counted_member as member using (case_no)
    where active.scheme in ('11', '12')
        and active.heads = 1
        and not member.is_certainly_dead
        and (member.age >= 60 or member.age < 16 or member.age is null)
        and not exists (
            select 1
            from clean.member as supporter
            where supporter.case_no = active.case_no and supporter.member_kind = '2'
        )
),
event as (
    select
        alone.case_no,
        marriage.event,
        rank() over (
            partition by alone.case_no order by marriage.registered_date desc
        ) as age_of_event
    from alone
    join linked.subject_record as link
        on link.subject_id = alone.subject_id and link.dataset = 'civil_affairs.marriages'
    join clean.marriage as marriage on marriage.record_id = link.record_id
),
married as (
    select case_no
    from event
    where age_of_event = 1
    group by case_no
    having bool_and(event in ('IA', 'ICA'))
)
select
    alone.case_no,
    alone.record_id,
    case when alone.age is null then 'not_checked' else 'found' end as answer,
    case when alone.age is null then 'age_unknown:' || alone.seq end as reason,
    true as verify_only,
    alone.name_raw as member_name,
    alone.birth_date as member_birth_date
from alone
where not exists (select 1 from married where married.case_no = alone.case_no)
order by alone.case_no
