-- A beneficiary of an active case is linked to a cremation, or to a population row with RYZT 1, dated
-- on or before the as-of date. Rows: the death records, later activity, and the arithmetic: the sum,
-- then each month paid after the month of death.
with beneficiary as (
    select
        member.case_no, member.seq, member.person_id, death.death_date,
        not death.is_certain as verify_only, share.share_yuan,
        cast(date_trunc('month', death.death_date) as date) as death_month
    from shared.counted_member as member
    join shared.death as death on death.person_id = member.person_id
    left join shared.share_of_amount as share
        on share.case_no = member.case_no and share.seq = member.seq
    where member.is_beneficiary
),

payments_known as (
    select count(*) = 1 as is_known
    from clean.source_status
    where dataset = 'civil_affairs.payments' and state = 'in_force'
),

paid as (
    select beneficiary.case_no, beneficiary.seq, count(paid.paid_month) as paid_months
    from beneficiary
    left join shared.paid_month as paid
        on paid.case_no = beneficiary.case_no
        and paid.paid_month > beneficiary.death_month
        and paid.paid_yuan > 0
    group by beneficiary.case_no, beneficiary.seq
),

amount as (
    select
        beneficiary.*, paid.paid_months,
        case
            when payments_known.is_known and beneficiary.death_month is not null
                then cast(beneficiary.share_yuan * paid.paid_months as decimal(14, 2))
        end as at_risk_yuan
    from beneficiary
    join paid on paid.case_no = beneficiary.case_no and paid.seq = beneficiary.seq
    cross join payments_known
),

recorded as (
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade as link_grade,
        'cremation' as sentence, cremation.name_raw as recorded_name, cremation.death_date,
        cremation.cremation_date, cast(null as date) as status_date
    from shared.counted_link as link
    join clean.cremation as cremation on cremation.record_id = link.record_id
    where link.dataset = 'civil_affairs.cremations'
        and link.is_beneficiary
        and (cremation.death_date <= $as_of or cremation.cremation_date <= $as_of)
    union all
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade as link_grade,
        'register' as sentence, population.name_raw as recorded_name,
        cast(null as date) as death_date, cast(null as date) as cremation_date,
        population.status_date
    from shared.counted_link as link
    join clean.population as population on population.record_id = link.record_id
    where link.dataset = 'public_security.population'
        and link.is_beneficiary
        and population.person_status = '1'
        and coalesce(population.status_date, $as_of) <= $as_of
),

every_row as (
    select
        recorded.case_no, recorded.seq, 1 as place, recorded.record_id, recorded.role,
        recorded.link_grade, amount.verify_only, amount.at_risk_yuan, recorded.sentence,
        recorded.recorded_name, recorded.death_date, recorded.cremation_date,
        recorded.status_date, cast(null as date) as activity_date,
        cast(null as decimal(14, 2)) as share_yuan, cast(null as date) as death_month,
        cast(null as bigint) as paid_months, cast(null as decimal(14, 2)) as estimated_yuan,
        cast(null as date) as paid_month, cast(null as decimal(14, 2)) as month_yuan
    from recorded
    join amount on amount.case_no = recorded.case_no and amount.seq = recorded.seq
    union all
    select
        amount.case_no, amount.seq, 2, activity.record_id, activity.role, activity.grade,
        amount.verify_only, amount.at_risk_yuan, 'activity', null, null, null, null,
        activity.activity_date, null, null, null, null, null, null
    from amount
    join shared.late_activity as activity on activity.person_id = amount.person_id
    union all
    select
        amount.case_no, amount.seq, 3, null, null, null, amount.verify_only, amount.at_risk_yuan,
        'amount', null, null, null, null, null, amount.share_yuan, amount.death_month,
        amount.paid_months, amount.at_risk_yuan, null, null
    from amount
    where amount.at_risk_yuan > 0
    union all
    select
        amount.case_no, amount.seq, 4, null, null, null, amount.verify_only, amount.at_risk_yuan,
        'month', null, null, null, null, null, amount.share_yuan, null, null, null,
        paid.paid_month, paid.paid_yuan
    from amount
    join shared.paid_month as paid
        on paid.case_no = amount.case_no
        and paid.paid_month > amount.death_month
        and paid.paid_yuan > 0
    where amount.at_risk_yuan > 0
)

select
    case_no, seq, record_id, role, link_grade, verify_only, at_risk_yuan, sentence, recorded_name,
    death_date, cremation_date, status_date, activity_date, share_yuan, death_month, paid_months,
    estimated_yuan, paid_month, month_yuan
from every_row
order by case_no, seq, place, paid_month, record_id, role
