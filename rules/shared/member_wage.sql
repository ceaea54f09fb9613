-- The wage of each member with contributions as an employee in the months that count; yuan a month.
-- wage_state: known where every month is paid and has a wage from each employer, else unknown. Never
-- averaged over fewer months, never taken from the base. Halves of a fen are rounded up.
-- began_month: the first month with contributions of the newest of those employments.
with by_month as (
    select
        case_no, seq, month,
        sum(case when is_paid then wage_yuan else 0 end) as month_yuan,
        sum(case when is_paid and wage_yuan is null then 1 else 0 end) as blanks
    from shared.wage_row
    group by case_no, seq, month
),

by_member as (
    select
        case_no, seq, sum(month_yuan) as sum_yuan,
        sum(case when month_yuan > 0 and blanks = 0 then 1 else 0 end) as known_months
    from by_month
    group by case_no, seq
),

employment as (
    select case_no, seq, employer_no, min(month) as first_month
    from shared.member_contribution
    where insured_as in ('1', '3')
    group by case_no, seq, employer_no
),

began as (
    select employment.case_no, employment.seq, max(employment.first_month) as began_month
    from employment
    join (
        select distinct case_no, seq, employer_no from shared.wage_row where is_paid
    ) as present
        on present.case_no = employment.case_no
        and present.seq = employment.seq
        and present.employer_no = employment.employer_no
    group by employment.case_no, employment.seq
),

weighed as (
    select
        by_member.case_no, by_member.seq, began.began_month, wage_window.wage_months,
        wage_window.first_month, wage_window.newest_month,
        by_member.known_months = wage_window.wage_months as is_known,
        cast(by_member.sum_yuan * 100 as bigint) as sum_fen,
        1000000 - cast(policy.income_work_cost_share * 1000000 as bigint) as counted_parts,
        policy.income_work_cost_share as work_cost_share
    from by_member
    join clean.household as household on household.case_no = by_member.case_no
    join shared.wage_window as wage_window
        on wage_window.division = substr(household.township_code, 1, 6)
    join policy.in_force as policy on policy.division = wage_window.division
    left join began on began.case_no = by_member.case_no and began.seq = by_member.seq
)

select
    case_no, seq, case when is_known then 'known' else 'unknown' end as wage_state,
    case when is_known then began_month end as began_month, first_month, newest_month, wage_months,
    work_cost_share,
    case
        when is_known then cast(
            cast((2 * sum_fen + wage_months) // (2 * wage_months) as decimal(16, 0)) * 0.01
            as decimal(14, 2)
        )
    end as mean_yuan,
    case
        when is_known then cast(
            cast(
                (2 * sum_fen * counted_parts + wage_months * 1000000) // (2 * wage_months * 1000000)
                as decimal(16, 0)
            ) * 0.01
            as decimal(14, 2)
        )
    end as wage_yuan
from weighed
order by case_no, seq
