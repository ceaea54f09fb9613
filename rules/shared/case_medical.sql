-- What each active case bore of its medical bills in the look-back, against medical.hardship_listed.
-- is_over: the sum (a lower bound) is above; may_be_over: it may be, by what could not be read. is_aided:
-- some member had temporary assistance for illness in that time, or it may hide in a row set aside.
with summed as (
    select
        case_no, cast(sum(borne_yuan) as decimal(14, 2)) as borne_total_yuan,
        sum(borne_at_most_yuan) as borne_at_most_yuan, count(*) as settlement_count
    from shared.listed_bill
    group by case_no
),

aided as (
    select member.case_no
    from shared.counted_member as member
    join shared.active_case as active on active.case_no = member.case_no
    join policy.in_force as policy on policy.division = active.division
    join linked.subject_record as link
        on link.subject_id = member.subject_id
        and link.dataset = 'civil_affairs.temporary_assistance'
    join clean.temporary_assistance as aid on aid.record_id = link.record_id
    where aid.hardship = '1'
        and aid.approved_date > $as_of - to_months(cast(policy.medical_lookback_months as integer))
        and aid.approved_date <= $as_of
    union
    select case_no
    from shared.medical_unread
    where dataset = 'civil_affairs.temporary_assistance'
)

select
    active.case_no, cast(policy.medical_lookback_months as integer) as lookback_months,
    policy.medical_hardship_listed as limit_yuan,
    coalesce(summed.borne_total_yuan, 0) as borne_total_yuan,
    coalesce(summed.settlement_count, 0) as settlement_count,
    coalesce(summed.borne_total_yuan > policy.medical_hardship_listed, false) as is_over,
    coalesce(summed.borne_at_most_yuan > policy.medical_hardship_listed, false) as may_be_over,
    aided.case_no is not null as is_aided
from shared.active_case as active
join policy.in_force as policy on policy.division = active.division
left join summed on summed.case_no = active.case_no
left join aided on aided.case_no = active.case_no
order by active.case_no
