-- Why a rule cannot say clear of a case: one row for each reason about one of its people or rows.
-- seq: the member concerned; null where it is the whole case. is_blocking: nothing can be found
-- either (the rule finds by absence, or needs the whole household, and a part of that was set aside).
with unauthorised as (
    select
        rule.rule, member.case_no, member.seq,
        'not_authorised:' || cast(member.seq as varchar) as reason, false as is_blocking,
        rule.about, member.is_beneficiary, member.age, member.applicant_seq
    from shared.counted_member as member
    join judging.rule as rule on rule.needs_authorisation
    where not member.is_authorised and not member.is_certainly_dead
),

unplaced_payment as (
    select count(*) as rows_without_case
    from clean.set_aside
    where dataset = 'civil_affairs.payments' and case_no is null
),

set_aside_person as (
    select distinct unchecked.dataset, unchecked.person_id
    from linked.unchecked as unchecked
    cross join unplaced_payment
    where unchecked.dataset not in ('civil_affairs.households', 'civil_affairs.members')
        and (
            unchecked.dataset <> 'civil_affairs.payments' or unplaced_payment.rows_without_case > 0
        )
),

unchecked as (
    select
        rule.rule, member.case_no, member.seq,
        'row_set_aside:' || set_aside_person.dataset || '#' || cast(member.seq as varchar) as reason,
        rule.absence_finds as is_blocking,
        rule.about, member.is_beneficiary, member.age, member.applicant_seq
    from set_aside_person
    join shared.counted_member as member on member.person_id = set_aside_person.person_id
    join judging.rule_source as source on source.dataset = set_aside_person.dataset
    join judging.rule as rule on rule.rule = source.rule
    where not member.is_certainly_dead
),

about_people as (
    select rule, case_no, seq, reason, is_blocking
    from (
        select * from unauthorised
        union all
        select * from unchecked
    ) as concerned
    where about = 'counted'
        or (about = 'beneficiary' and is_beneficiary)
        or (about = 'adult' and coalesce(age, 18) >= 18)
        or (about = 'applicant' and seq = applicant_seq)
),

about_cases as (
    select distinct
        rule.rule, set_aside.case_no, cast(null as integer) as seq,
        'row_set_aside:' || set_aside.dataset as reason,
        case
            when set_aside.dataset = 'civil_affairs.members' then rule.whole_household
            else rule.absence_finds
        end as is_blocking
    from clean.set_aside as set_aside
    join judging.rule_source as source on source.dataset = set_aside.dataset
    join judging.rule as rule on rule.rule = source.rule
    where set_aside.case_no is not null
        and set_aside.dataset in (
            'civil_affairs.households', 'civil_affairs.members', 'civil_affairs.payments'
        )
    union all
    select
        rule.rule, active_case.case_no, cast(null as integer) as seq,
        'no_policy:' || active_case.division as reason, false as is_blocking
    from shared.active_case as active_case
    join judging.rule as rule on rule.uses_policy
    left join policy.in_force as policy on policy.division = active_case.division
    where policy.division is null
    union all
    select
        source.rule, active_case.case_no, cast(null as integer) as seq, 'members_absent' as reason,
        false as is_blocking
    from shared.active_case as active_case
    join judging.rule_source as source on source.dataset = 'civil_affairs.members'
    join clean.source_status as status
        on status.dataset = source.dataset and status.state = 'in_force'
    where active_case.members is null
)

select rule, case_no, seq, reason, is_blocking from about_people
union all
select rule, case_no, seq, reason, is_blocking from about_cases
order by rule, case_no, seq, reason
