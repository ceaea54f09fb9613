-- What each living counted member's income is read from, in order: the member's sum, the mean of the
-- wages, and the records. One row for each, with the facts its sentence tells; record_id is null for
-- arithmetic. An amount is null, and not 0, where its source is not checked: nobody looked.
with not_looked_at as (
    select dataset from clean.source_status where state <> 'in_force'
),

gap as (
    select counted.case_no, counted.seq, unchecked.dataset
    from linked.unchecked as unchecked
    join shared.counted_member as counted on counted.person_id = unchecked.person_id
    union
    select counted.case_no, counted.seq, not_looked_at.dataset
    from shared.counted_member as counted
    cross join not_looked_at
),

gaps as (
    select
        case_no, seq, bool_or(dataset = 'human_resources.contributions') as has_no_wages,
        bool_or(dataset = 'human_resources.pensions') as has_no_pensions,
        bool_or(dataset = 'human_resources.unemployment_benefits') as has_no_benefits
    from gap
    group by case_no, seq
),

member as (
    select
        income.case_no, income.seq, counted.name_raw as member_name, income.is_authorised,
        income.wage_state, income.mean_yuan, income.work_cost_share,
        income.first_month, income.newest_month, income.registered_yuan, income.declared_yuan,
        income.counted_yuan,
        case
            when income.wage_state <> 'none' then income.wage_yuan
            when not coalesce(gaps.has_no_wages, false) then coalesce(income.wage_yuan, 0)
        end as wage_yuan,
        case
            when income.pension_yuan > 0 or not coalesce(gaps.has_no_pensions, false)
                then income.pension_yuan
        end as pension_yuan,
        case
            when income.unemployment_yuan > 0 or not coalesce(gaps.has_no_benefits, false)
                then income.unemployment_yuan
        end as unemployment_yuan
    from shared.member_income as income
    join shared.counted_member as counted
        on counted.case_no = income.case_no and counted.seq = income.seq
    left join gaps on gaps.case_no = income.case_no and gaps.seq = income.seq
),

line as (
    select
        case_no, seq, 1 as place,
        case
            when not is_authorised then 'member_unseen'
            when wage_state = 'unknown' then 'member_unknown'
            else 'member'
        end as sentence,
        cast(null as bigint) as record_id, cast(null as varchar) as role,
        cast(null as varchar) as link_grade, member_name, declared_yuan,
        wage_yuan, pension_yuan, unemployment_yuan, registered_yuan, counted_yuan, null as mean_yuan,
        null as work_cost_share, null as first_month, null as newest_month,
        null as employer_name, null as insurance, null as month, null as reported_yuan,
        null as exempt_yuan, null as start_month, null as end_month
    from member
    union all
    select
        case_no, seq, 2, 'wage', null, null, null, member_name, null, wage_yuan, null, null, null,
        null, mean_yuan, work_cost_share, first_month, newest_month, null, null, null, null, null,
        null, null
    from member
    where wage_state = 'known'
    union all
    select
        wage.case_no, wage.seq, 3, 'contribution', wage.record_id, wage.role, wage.grade,
        member.member_name, null, null, null, null, null, null, null, null, null, null,
        wage.employer_name, wage.insurance, wage.month, wage.wage_yuan, null, null, null
    from shared.wage_row as wage
    join member on member.case_no = wage.case_no and member.seq = wage.seq
    where wage.is_paid and member.wage_state = 'known'
    union all
    select
        pension.case_no, pension.seq, 4,
        case when pension.exempt_yuan > 0 then 'pension_exempt' else 'pension' end,
        pension.record_id, pension.role, pension.grade, member.member_name, null, null, null, null,
        null, pension.counted_yuan, null, null, null, null, null, pension.insurance, null,
        pension.pension_yuan, pension.exempt_yuan, pension.start_month, null
    from shared.member_pension as pension
    join member on member.case_no = pension.case_no and member.seq = pension.seq
    union all
    select
        benefit.case_no, benefit.seq, 5, 'unemployment', benefit.record_id, benefit.role,
        benefit.grade, member.member_name, null, null, null, null, null, null, null, null, null,
        null, null, null, null, benefit.benefit_yuan, null, benefit.start_month, benefit.end_month
    from shared.member_unemployment as benefit
    join member on member.case_no = benefit.case_no and member.seq = benefit.seq
)

select *
from line
order by case_no, seq, place, month, record_id
