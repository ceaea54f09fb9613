-- The months of wages that count, by division: the newest month of the contributions dataset (none
-- later than the month of the as-of date) and the calendar months before it, `income.wage_months` in all.
with newest as (
    select max(month) as newest_month
    from clean.contribution
    where month <= $as_of
)

select
    policy.division, newest.newest_month,
    cast(newest.newest_month - to_months(cast(policy.income_wage_months as integer) - 1) as date)
        as first_month,
    cast(policy.income_wage_months as integer) as wage_months
from policy.in_force as policy
cross join newest
where newest.newest_month is not null and policy.income_wage_months is not null
order by policy.division
