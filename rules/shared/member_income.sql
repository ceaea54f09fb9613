-- The income of each living counted member; yuan a month. registered = wage (where known) + pension +
-- unemployment benefit, of an authorised member; counted = the larger of declared and registered.
-- declared_yuan: null where blank (未填), which is not 0, but counts as 0; where it could not be read
-- (is_declared_unread) the counted income is a lower bound.
-- began_month: when the newest of the registered incomes began, where they are what counts.
with pension as (
    select case_no, seq, sum(counted_yuan) as pension_yuan, max(start_month) as began_month
    from shared.member_pension
    where counted_yuan > 0
    group by case_no, seq
),

unemployment as (
    select case_no, seq, sum(benefit_yuan) as unemployment_yuan, max(start_month) as began_month
    from shared.member_unemployment
    where benefit_yuan > 0
    group by case_no, seq
),

summed as (
    select
        member.case_no, member.seq, member.is_authorised,
        coalesce(wage.wage_state, 'none') as wage_state, wage.wage_yuan, wage.mean_yuan,
        wage.work_cost_share, wage.first_month, wage.newest_month,
        coalesce(pension.pension_yuan, 0) as pension_yuan,
        coalesce(unemployment.unemployment_yuan, 0) as unemployment_yuan,
        coalesce(wage.wage_yuan, 0) + coalesce(pension.pension_yuan, 0)
        + coalesce(unemployment.unemployment_yuan, 0) as registered_yuan,
        member.declared_income_yuan as declared_yuan, member.is_declared_unread,
        nullif(
            greatest(
                coalesce(wage.began_month, date '0001-01-01'),
                coalesce(pension.began_month, date '0001-01-01'),
                coalesce(unemployment.began_month, date '0001-01-01')
            ),
            date '0001-01-01'
        ) as began_month
    from shared.counted_member as member
    left join shared.member_wage as wage
        on wage.case_no = member.case_no and wage.seq = member.seq
    left join pension on pension.case_no = member.case_no and pension.seq = member.seq
    left join unemployment
        on unemployment.case_no = member.case_no and unemployment.seq = member.seq
    where not member.is_certainly_dead
)

select
    case_no, seq, is_authorised, is_declared_unread, wage_state, wage_yuan, mean_yuan, work_cost_share, first_month,
    newest_month, cast(pension_yuan as decimal(14, 2)) as pension_yuan,
    cast(unemployment_yuan as decimal(14, 2)) as unemployment_yuan,
    cast(registered_yuan as decimal(14, 2)) as registered_yuan,
    cast(declared_yuan as decimal(14, 2)) as declared_yuan,
    cast(greatest(registered_yuan, coalesce(declared_yuan, 0)) as decimal(14, 2)) as counted_yuan,
    case when registered_yuan >= coalesce(declared_yuan, 0) then began_month end as began_month
from summed
order by case_no, seq
