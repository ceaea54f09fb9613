-- One row for each living, authorised counted member, with the months of contributions as an employee.
with employed as (
    select case_no, seq, count(distinct month) as months
    from shared.member_contribution
    where is_in_window and insured_as = '1' and insurance = '110'
    group by case_no, seq
)

select
    income.case_no, income.seq, member.name_raw as member_name, income.declared_yuan,
    income.is_declared_unread, income.wage_state, coalesce(employed.months, 0) as months, wage_window.wage_months
from shared.member_income as income
join shared.counted_member as member
    on member.case_no = income.case_no and member.seq = income.seq
join clean.household as household on household.case_no = income.case_no
left join shared.wage_window as wage_window
    on wage_window.division = substr(household.township_code, 1, 6)
left join employed on employed.case_no = income.case_no and employed.seq = income.seq
where member.is_authorised
order by income.case_no, income.seq
