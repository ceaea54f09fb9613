-- What the counted members of an active case bore of their medical bills in the look-back
-- (psn_part_amt less maf_pay, take-backs netted) is more than medical.hardship_listed, and no
-- counted member had temporary assistance for illness in that time. The dead are counted: the
-- household bore their bills. A first row with
-- the sum, then one for each settlement; sums and counts are the only facts.
-- Of a member one of whose settlements is set aside only take-backs count, so the sum is a lower bound; where
-- assistance may hide in a row set aside, nothing is found. Medical assistance that could not be read
-- is somewhere between nothing and the whole bill.
with counted as (
    select
        member.case_no,
        member.seq,
        member.subject_id,
        member.person_id,
        policy.medical_hardship_listed as limit_yuan,
        cast(policy.medical_lookback_months as integer) as lookback_months
    from shared.counted_member as member
    join shared.active_case as active using (case_no)
    join policy.in_force as policy using (division)
),
settled as (
    select
        counted.case_no,
        settlement.record_id,
        link.role,
        min(link.grade) as link_grade,
        min(case
            when list_contains(settlement.remarks, 'assistance_yuan:unreadable')
                then least(settlement.own_yuan, 0)
            else settlement.own_yuan - coalesce(settlement.assistance_yuan, 0)
        end) as borne_yuan,
        min(case
            when list_contains(settlement.remarks, 'assistance_yuan:unreadable')
                then greatest(settlement.own_yuan, 0)
            else settlement.own_yuan - coalesce(settlement.assistance_yuan, 0)
        end) as borne_at_most_yuan,
        min(counted.limit_yuan) as limit_yuan,
        min(counted.lookback_months) as lookback_months
    from counted
    join linked.subject_record as link
        on link.subject_id = counted.subject_id
        and link.dataset = 'medical_insurance.settlements'
    join clean.settlement as settlement on settlement.record_id = link.record_id
    where settlement.settled_date > $as_of - to_months(counted.lookback_months)
        and settlement.settled_date <= $as_of
        and (
            settlement.own_yuan < 0
            or not exists (
                select 1
                from linked.unchecked as unchecked
                where unchecked.person_id = counted.person_id
                    and unchecked.dataset = 'medical_insurance.settlements'
            )
        )
    group by counted.case_no, settlement.record_id, link.role
),
total as (
    select
        case_no,
        min(lookback_months) as lookback_months,
        min(limit_yuan) as limit_yuan,
        cast(sum(borne_yuan) as decimal(14, 2)) as borne_total_yuan,
        count(*) as settlement_count,
        sum(borne_yuan) > min(limit_yuan) as is_over
    from settled
    group by case_no
    having sum(borne_at_most_yuan) > min(limit_yuan)
),
unread as (
    select counted.case_no, counted.seq, unchecked.dataset
    from counted
    join linked.unchecked as unchecked on unchecked.person_id = counted.person_id
    where unchecked.dataset in (
        'civil_affairs.temporary_assistance', 'medical_insurance.settlements'
    )
),
aided as (
    select counted.case_no
    from counted
    join linked.subject_record as link
        on link.subject_id = counted.subject_id
        and link.dataset = 'civil_affairs.temporary_assistance'
    join clean.temporary_assistance as aid on aid.record_id = link.record_id
    where aid.hardship = '1'
        and aid.approved_date > $as_of - to_months(counted.lookback_months)
        and aid.approved_date <= $as_of
    union
    select case_no from unread where dataset = 'civil_affairs.temporary_assistance'
)
select
    total.case_no,
    cast(null as integer) as seq,
    cast(null as bigint) as record_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link_grade,
    case when total.is_over then 'found' else 'not_checked' end as answer,
    case when not total.is_over
        then 'value_unreadable:medical_insurance.settlements' end as reason,
    'main' as sentence,
    total.lookback_months,
    total.settlement_count,
    total.borne_total_yuan,
    total.limit_yuan,
    cast(null as decimal(14, 2)) as borne_yuan
from total
where not exists (select 1 from aided where aided.case_no = total.case_no)
union all
select
    settled.case_no,
    cast(null as integer) as seq,
    settled.record_id,
    settled.role,
    settled.link_grade,
    'found' as answer,
    cast(null as varchar) as reason,
    'settlement' as sentence,
    cast(null as integer) as lookback_months,
    cast(null as bigint) as settlement_count,
    cast(null as decimal(14, 2)) as borne_total_yuan,
    cast(null as decimal(14, 2)) as limit_yuan,
    settled.borne_yuan
from settled
join total using (case_no)
where total.is_over
    and not exists (select 1 from aided where aided.case_no = settled.case_no)
union all
select
    case_no,
    seq,
    cast(null as bigint) as record_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link_grade,
    'not_checked' as answer,
    'row_set_aside:' || dataset || '#' || seq as reason,
    cast(null as varchar) as sentence,
    cast(null as integer) as lookback_months,
    cast(null as bigint) as settlement_count,
    cast(null as decimal(14, 2)) as borne_total_yuan,
    cast(null as decimal(14, 2)) as limit_yuan,
    cast(null as decimal(14, 2)) as borne_yuan
from unread
order by case_no, answer, record_id nulls first, role, seq, reason
