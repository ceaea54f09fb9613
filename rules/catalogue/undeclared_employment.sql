-- A counted member who declared no income has contributions as an employee (AAC066 1) for pension
-- insurance (110) in each of the months that count, and the wage is unknown. Rows: what was declared,
-- then each contribution. An income declared that could not be read is not a blank one.
with employed_row as (
    select case_no, seq, record_id, role, grade, employer_name, insurance, insured_as, month
    from shared.member_contribution
    where is_in_window and insured_as = '1' and insurance = '110'
),

employed as (
    select
        income.case_no, income.seq, income.declared_yuan, wage_window.wage_months,
        income.is_declared_unread, count(distinct employed_row.month) as months
    from shared.member_income as income
    join employed_row on employed_row.case_no = income.case_no and employed_row.seq = income.seq
    join clean.household as household on household.case_no = income.case_no
    join shared.wage_window as wage_window
        on wage_window.division = substr(household.township_code, 1, 6)
    where income.wage_state = 'unknown' and coalesce(income.declared_yuan, 0) = 0
    group by
        income.case_no, income.seq, income.declared_yuan, income.is_declared_unread,
        wage_window.wage_months
),

line as (
    select
        employed.case_no, employed.seq, 1 as place,
        case when employed.is_declared_unread then 'not_checked' else 'found' end as answer,
        case
            when employed.is_declared_unread
                then 'value_unreadable:civil_affairs.members#' || cast(employed.seq as varchar)
        end as reason,
        'declared' as sentence, member.record_id,
        cast(null as varchar) as role, cast(null as varchar) as link_grade,
        member.name_raw as member_name, employed.declared_yuan,
        cast(null as varchar) as employer_name, cast(null as varchar) as insurance,
        cast(null as varchar) as insured_as, cast(null as date) as month
    from employed
    join shared.counted_member as member
        on member.case_no = employed.case_no and member.seq = employed.seq
    where employed.months = employed.wage_months
    union all
    select
        employed.case_no, employed.seq, 2, 'found', null, 'main', employed_row.record_id,
        employed_row.role, employed_row.grade, member.name_raw, null, employed_row.employer_name,
        employed_row.insurance, employed_row.insured_as, employed_row.month
    from employed
    join employed_row
        on employed_row.case_no = employed.case_no and employed_row.seq = employed.seq
    join shared.counted_member as member
        on member.case_no = employed.case_no and member.seq = employed.seq
    where employed.months = employed.wage_months and not employed.is_declared_unread
)

select
    case_no, seq, answer, reason, record_id, role, link_grade, true as verify_only, sentence, member_name,
    declared_yuan, employer_name, insurance, insured_as, month
from line
order by case_no, seq, place, month, record_id
