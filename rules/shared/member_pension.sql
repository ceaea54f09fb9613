-- Pensions in payment of living, authorised counted members (AAE116 1, begun by the month of the as-of
-- date), and what of each counts: type 170 less the exempt basic pension, not below 0. Yuan a month. The same
-- pension under two spellings of the person (the sender's key holds number and name) counts once.
with sent as (
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade, pension.insurance,
        pension.start_month, pension.pension_yuan,
        row_number() over (
            partition by
                link.case_no, link.seq, pension.insurance, pension.start_month, pension.pension_yuan
            order by link.grade, link.record_id
        ) as place
    from shared.member_link as link
    join clean.pension as pension on pension.record_id = link.record_id
    where link.dataset = 'human_resources.pensions'
        and pension.payment_status = '1'
        and pension.start_month <= $as_of
)

select
    sent.case_no, sent.seq, sent.record_id, sent.role, sent.grade, sent.insurance, sent.start_month,
    sent.pension_yuan,
    case
        when sent.insurance = '170'
            then cast(coalesce(policy.income_basic_pension_exempt, 0) as decimal(14, 2))
    end as exempt_yuan,
    case
        when sent.insurance = '170'
            then cast(
                greatest(sent.pension_yuan - coalesce(policy.income_basic_pension_exempt, 0), 0)
                as decimal(14, 2)
            )
        else sent.pension_yuan
    end as counted_yuan
from sent
join clean.household as household on household.case_no = sent.case_no
left join policy.in_force as policy on policy.division = substr(household.township_code, 1, 6)
where sent.place = 1
order by sent.case_no, sent.seq, sent.record_id
