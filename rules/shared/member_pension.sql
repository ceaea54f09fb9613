-- Pensions in payment of living, authorised counted members (AAE116 1, begun by the month of the as-of
-- date), and what of each counts: type 170 less the exempt basic pension, not below 0. Yuan a month.
select
    link.case_no, link.seq, link.record_id, link.role, link.grade, pension.insurance,
    pension.start_month, pension.pension_yuan,
    case
        when pension.insurance = '170'
            then cast(coalesce(policy.income_basic_pension_exempt, 0) as decimal(14, 2))
    end as exempt_yuan,
    case
        when pension.insurance = '170'
            then cast(
                greatest(pension.pension_yuan - coalesce(policy.income_basic_pension_exempt, 0), 0)
                as decimal(14, 2)
            )
        else pension.pension_yuan
    end as counted_yuan
from shared.member_link as link
join clean.pension as pension on pension.record_id = link.record_id
join clean.household as household on household.case_no = link.case_no
left join policy.in_force as policy on policy.division = substr(household.township_code, 1, 6)
where link.dataset = 'human_resources.pensions'
    and pension.payment_status = '1'
    and pension.start_month <= $as_of
order by link.case_no, link.seq, link.record_id
