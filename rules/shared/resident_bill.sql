-- The settlements of people in a register household in the look-back, one row for each household and
-- settlement; as in listed_bill, what cannot be read makes a sum a lower bound.
with resident as (
    select
        register.household_no, register.person_id,
        cast(policy.medical_lookback_months as integer) as lookback_months
    from shared.register_household as register
    join policy.in_force as policy on policy.division = register.division_code
)

select
    resident.household_no, settlement.record_id, link.role, min(link.grade) as link_grade,
    min(
        case
            when list_contains(settlement.remarks, 'assistance_yuan:unreadable')
                then least(settlement.own_yuan, 0)
            else settlement.own_yuan - coalesce(settlement.assistance_yuan, 0)
        end
    ) as borne_yuan
from clean.settlement as settlement
join linked.person_record as link
    on link.record_id = settlement.record_id
    and link.dataset = 'medical_insurance.settlements'
join resident on resident.person_id = link.person_id
left join linked.unchecked as unchecked
    on unchecked.person_id = resident.person_id
    and unchecked.dataset = 'medical_insurance.settlements'
where settlement.settled_date > $as_of - to_months(resident.lookback_months)
    and settlement.settled_date <= $as_of
    and (settlement.own_yuan < 0 or unchecked.person_id is null)
group by resident.household_no, settlement.record_id, link.role
order by resident.household_no, settlement.record_id, link.role
