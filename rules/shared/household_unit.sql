-- One row for each case and unit, however many members share it: the household's share is the sum over
-- its members, at most 1 (six decimals); half or more it holds only by shares that are known, or where
-- it is all the owners. Dwellings are 房屋用途 10 and 11, two words for one unit. Areas that differ between the rows of a unit: the smaller.
with by_member as (
    select
        case_no, seq, unit_no, house_use in ('10', '11') as is_dwelling,
        min(house_use) as house_use, min(area_m2) as area_m2, max(share) as share,
        max(owners) as owners,
        max(case when is_share_known then share else 0 end) as known_share
    from shared.household_title
    group by case_no, seq, unit_no, house_use in ('10', '11')
)

select
    case_no, unit_no, min(house_use) as house_use, is_dwelling, min(area_m2) as area_m2,
    least(round(sum(share), 6), 1) as household_share,
    round(sum(known_share), 6) >= 0.5
    or (count(*) = max(owners) and round(sum(share), 6) >= 0.5) as is_half_or_more
from by_member
group by case_no, unit_no, is_dwelling
order by case_no, unit_no, house_use
