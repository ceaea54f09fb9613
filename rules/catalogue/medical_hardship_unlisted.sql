-- What the people of a register household without any listed person bore of their medical bills in
-- the look-back (psn_part_amt less maf_pay, take-backs netted) is more than
-- medical.hardship_unlisted, none of them had temporary assistance for illness in that time, and
-- the household passes the screen. A first row with
-- the sum, then one for each settlement; sums and counts are the only facts.
-- Of people one of whose settlements is set aside only take-backs count; a household where listing
-- or assistance may hide in a row set aside is left alone.
with resident as (
    select
        register.household_no,
        register.person_id,
        policy.medical_hardship_unlisted as limit_yuan,
        cast(policy.medical_lookback_months as integer) as lookback_months
    from shared.register_household as register
    join policy.in_force as policy on policy.division = register.division_code
),
settled as (
    select
        resident.household_no,
        settlement.record_id,
        link.role,
        min(link.grade) as link_grade,
        min(case
            when list_contains(settlement.remarks, 'assistance_yuan:unreadable')
                then least(settlement.own_yuan, 0)
            else settlement.own_yuan - coalesce(settlement.assistance_yuan, 0)
        end) as borne_yuan,
        min(resident.limit_yuan) as limit_yuan,
        min(resident.lookback_months) as lookback_months
    from clean.settlement as settlement
    join linked.person_record as link
        on link.record_id = settlement.record_id
        and link.dataset = 'medical_insurance.settlements'
    join resident on resident.person_id = link.person_id
    where settlement.settled_date > $as_of - to_months(resident.lookback_months)
        and settlement.settled_date <= $as_of
        and (
            settlement.own_yuan < 0
            or not exists (
                select 1
                from linked.unchecked as unchecked
                where unchecked.person_id = resident.person_id
                    and unchecked.dataset = 'medical_insurance.settlements'
            )
        )
    group by resident.household_no, settlement.record_id, link.role
),
total as (
    select
        household_no,
        min(lookback_months) as lookback_months,
        min(limit_yuan) as limit_yuan,
        cast(sum(borne_yuan) as decimal(14, 2)) as borne_total_yuan,
        count(*) as settlement_count
    from settled
    group by household_no
    having sum(borne_yuan) > max(limit_yuan)
),
spoken_for as (
    select household_no from shared.register_household where is_listed
    union
    select household_no from shared.screened_out
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
),
hard_pressed as (
    select total.*
    from total
    where not exists (
            select 1 from spoken_for where spoken_for.household_no = total.household_no
        )
        and not exists (select 1 from aided where aided.household_no = total.household_no)
)
select
    household_no,
    cast(null as bigint) as record_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link_grade,
    true as verify_only,
    'main' as sentence,
    lookback_months,
    settlement_count,
    borne_total_yuan,
    limit_yuan,
    cast(null as decimal(14, 2)) as borne_yuan
from hard_pressed
union all
select
    settled.household_no,
    settled.record_id,
    settled.role,
    settled.link_grade,
    true as verify_only,
    'settlement' as sentence,
    cast(null as integer) as lookback_months,
    cast(null as bigint) as settlement_count,
    cast(null as decimal(14, 2)) as borne_total_yuan,
    cast(null as decimal(14, 2)) as limit_yuan,
    settled.borne_yuan
from settled
join hard_pressed using (household_no)
order by household_no, record_id nulls first, role
