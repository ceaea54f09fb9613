-- One row for each case and unit, however many members share it: the household's share is the sum over
-- its members, at most 1 (six decimals). Dwellings are 房屋用途 10 and 11. Areas that differ between the
-- rows of a unit: the smaller.
with by_member as (
    select case_no, seq, unit_no, house_use, min(area_m2) as area_m2, max(share) as share
    from shared.household_title
    group by case_no, seq, unit_no, house_use
)

select
    case_no, unit_no, house_use, house_use in ('10', '11') as is_dwelling,
    min(area_m2) as area_m2,
    least(round(sum(share), 6), 1) as household_share,
    least(round(sum(share), 6), 1) >= 0.5 as is_half_or_more
from by_member
group by case_no, unit_no, house_use
order by case_no, unit_no, house_use
