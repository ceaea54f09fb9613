-- Register households that do not pass the screen, on certain links: an in-force vehicle, more
-- dwellings than allowed, business property, a recent purchase, employer contributions in the newest
-- month, or a pension of type 110 or 120. What is not known does not exclude; what it saw is not kept.
-- The certainly dead are no heads here either, and what they own or drew no longer counts.
with resident as (
    select household.household_no, household.person_id, policy.division
    from shared.register_household as household
    left join policy.in_force as policy on policy.division = household.division_code
    left join shared.death as death on death.person_id = household.person_id and death.is_certain
    where household.grade = 'certain' and death.person_id is null
),

holder as (
    select resident.household_no, link.person_id, link.record_id, link.dataset, resident.division
    from linked.person_record as link
    join resident on resident.person_id = link.person_id
    where link.grade = 'certain'
        and link.dataset in (
            'public_security.vehicles', 'housing.presales', 'human_resources.pensions'
        )
),

with_vehicle as (
    select holder.household_no
    from holder
    join clean.vehicle as vehicle on vehicle.record_id = holder.record_id
    left join policy.in_force as policy on policy.division = holder.division
    where upper(vehicle.vehicle_class) not like 'C%'
        and not regexp_matches(upper(vehicle.vehicle_status), '[BCEMP]')
        and not coalesce(
            list_contains(policy.vehicle_exempt_plate_kinds, vehicle.plate_kind), false
        )
),

with_purchase as (
    select holder.household_no
    from holder
    join clean.presale as presale on presale.record_id = holder.record_id
    join policy.in_force as policy on policy.division = holder.division
    where presale.contract_status = '1'
        and presale.house_use <> '80'
        and presale.signed_date
        > cast(cast($as_of as date) - to_months(cast(policy.property_presale_months as integer)) as date)
        and presale.signed_date <= $as_of
),

with_pension as (
    select holder.household_no
    from holder
    join clean.pension as pension on pension.record_id = holder.record_id
    where pension.insurance in ('110', '120')
        and pension.payment_status = '1'
        and pension.start_month <= $as_of
),

newest as (
    select max(month) as newest_month from clean.contribution where month <= $as_of
),

with_employer as (
    select resident.household_no
    from clean.contribution as contribution
    join newest on newest.newest_month = contribution.month
    join linked.person_record as link
        on link.record_id = contribution.record_id
        and link.dataset = 'human_resources.contributions'
        and link.grade = 'certain'
    join resident on resident.person_id = link.person_id
    where contribution.insured_as in ('1', '3')
),

title as (
    select
        resident.household_no, resident.division, title.unit_no,
        title.house_use in ('10', '11') as is_dwelling, min(title.area_m2) as area_m2, least(round(sum(title.share), 6), 1) as household_share
    from shared.owner_share as title
    join resident on resident.person_id = title.person_id
    where title.grade = 'certain'
    group by
        resident.household_no, resident.division, title.unit_no, title.house_use in ('10', '11')
),

heads as (
    select household_no, count(distinct person_id) as heads
    from resident
    group by household_no
),

dwellings as (
    select
        title.household_no, title.division, count(distinct title.unit_no) as dwellings,
        sum(title.area_m2 * title.household_share) as area_m2
    from title
    where title.is_dwelling
    group by title.household_no, title.division
),

with_dwellings as (
    select dwellings.household_no
    from dwellings
    join heads on heads.household_no = dwellings.household_no
    join policy.in_force as policy on policy.division = dwellings.division
    where dwellings.dwellings > policy.property_dwellings_max + 1
        or (
            dwellings.dwellings > policy.property_dwellings_max
            and round(dwellings.area_m2 / heads.heads, 4)
            > cast(policy.property_area_per_head_exempt as double)
        )
),

screened as (
    select household_no from with_vehicle
    union all
    select household_no from with_purchase
    union all
    select household_no from with_pension
    union all
    select household_no from with_employer
    union all
    select household_no from title where not is_dwelling
    union all
    select household_no from with_dwellings
)

select distinct household_no
from screened
order by household_no
