-- The dwellings of each active case that has any, against what is allowed. One more than allowed is so
-- while the area by the household's shares, a head, stays at or under the exempt one. *_by_main: the
-- same of the units of which the household holds half or more.
with dwelling as (
    select
        unit.case_no, active_case.heads, policy.property_dwellings_max as allowed,
        cast(policy.property_area_per_head_exempt as double) as exempt_m2,
        count(*) as dwellings,
        sum(cast(unit.area_m2 as double) * unit.household_share) as held_m2,
        sum(case when unit.is_half_or_more then 1 else 0 end) as main_dwellings,
        sum(
            case
                when unit.is_half_or_more then cast(unit.area_m2 as double) * unit.household_share
                else 0
            end
        ) as main_m2
    from shared.household_unit as unit
    join shared.active_case as active_case on active_case.case_no = unit.case_no
    join policy.in_force as policy on policy.division = active_case.division
    where unit.is_dwelling and active_case.heads > 0
    group by
        unit.case_no, active_case.heads, policy.property_dwellings_max,
        policy.property_area_per_head_exempt
)

select
    case_no, heads, allowed, exempt_m2, dwellings, held_m2, main_dwellings, main_m2,
    dwellings > allowed as is_above_allowed,
    dwellings > allowed + 1 or round(held_m2 / heads, 4) > exempt_m2 as is_above_exempt,
    dwellings > allowed + 1
    or (dwellings > allowed and round(held_m2 / heads, 4) > exempt_m2) as is_over,
    main_dwellings > allowed + 1
    or (main_dwellings > allowed and round(main_m2 / heads, 4) > exempt_m2) as is_over_by_main
from dwelling
order by case_no
