-- An in-force unit of a counted member is a shop, an office or a workshop (房屋用途 20, 30, 40). Verify
-- where of none of them the household holds half or more.
with unit as (
    select
        case_no, unit_no, household_share,
        max(case when is_half_or_more then 1 else 0 end) over (partition by case_no) as has_main
    from shared.household_unit
    where house_use in ('20', '30', '40')
)

select
    title.case_no, title.record_id, title.role, title.grade as link_grade,
    unit.has_main = 0 as verify_only, property.name_raw as owner_name,
    property.address as unit_address, property.house_use, property.area_m2, property.tenure,
    property.title_status, title.share as owner_share, unit.household_share,
    property.registered_date
from unit
join shared.household_title as title
    on title.case_no = unit.case_no
    and title.unit_no = unit.unit_no
    and title.house_use in ('20', '30', '40')
join clean.property as property on property.record_id = title.record_id
order by title.case_no, title.record_id, title.role
