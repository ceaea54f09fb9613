-- What each register household with settlements in the look-back bore, against
-- medical.hardship_unlisted. is_aided: somebody had temporary assistance for illness in that time, or it
-- may hide in a row set aside. is_listed: somebody is, or may be, on a scheme.
with resident as (
    select
        register.household_no, register.person_id,
        policy.medical_hardship_unlisted as limit_yuan,
        cast(policy.medical_lookback_months as integer) as lookback_months
    from shared.register_household as register
    join policy.in_force as policy on policy.division = register.division_code
),

policy_of as (
    select
        household_no, max(limit_yuan) as limit_yuan, min(lookback_months) as lookback_months
    from resident
    group by household_no
),

listed as (
    select distinct household_no from shared.register_household where is_listed
),

summed as (
    select
        household_no, cast(sum(borne_yuan) as decimal(14, 2)) as borne_total_yuan,
        count(*) as settlement_count
    from shared.resident_bill
    group by household_no
),

aided as (
    select resident.household_no
    from resident
    join linked.person_record as link
        on link.person_id = resident.person_id
        and link.dataset = 'civil_affairs.temporary_assistance'
    join clean.temporary_assistance as aid on aid.record_id = link.record_id
    where aid.hardship = '1'
        and aid.approved_date > $as_of - to_months(resident.lookback_months)
        and aid.approved_date <= $as_of
    union
    select resident.household_no
    from resident
    join linked.unchecked as unchecked on unchecked.person_id = resident.person_id
    where unchecked.dataset = 'civil_affairs.temporary_assistance'
)

select
    summed.household_no, policy_of.lookback_months, policy_of.limit_yuan, summed.borne_total_yuan,
    summed.settlement_count, listed.household_no is not null as is_listed,
    summed.borne_total_yuan > policy_of.limit_yuan as is_over,
    aided.household_no is not null as is_aided,
    screened.household_no is null as passes_screen
from summed
join policy_of on policy_of.household_no = summed.household_no
left join listed on listed.household_no = summed.household_no
left join aided on aided.household_no = summed.household_no
left join shared.screened_out as screened on screened.household_no = summed.household_no
order by summed.household_no
