-- In-force dwellings of counted members: more than allowed. One more is allowed while the area by the
-- household's shares, a head, stays at or under the exempt one. Verify where the units of which the
-- household holds half or more do not get there on their own.
with over_limit as (
    select * from shared.case_dwelling where is_over
),

every_row as (
    select
        case_no, 0 as seq_place, cast(null as bigint) as record_id, cast(null as varchar) as role,
        cast(null as varchar) as link_grade, not is_over_by_main as verify_only,
        'arithmetic' as sentence, dwellings, cast(allowed as integer) as dwellings_allowed, heads,
        cast(round(held_m2, 2) as decimal(14, 2)) as area_held,
        cast(round(held_m2 / heads, 2) as decimal(14, 2)) as area_per_head,
        cast(exempt_m2 as decimal(14, 2)) as area_per_head_exempt,
        cast(null as varchar) as owner_name, cast(null as varchar) as unit_address,
        cast(null as varchar) as house_use, cast(null as decimal(14, 4)) as area_m2,
        cast(null as varchar) as tenure, cast(null as varchar) as title_status,
        cast(null as double) as owner_share, cast(null as date) as registered_date
    from over_limit
    union all
    select
        title.case_no, title.seq, title.record_id, title.role, title.grade,
        not over_limit.is_over_by_main, 'main', null, null, null, null, null, null,
        property.name_raw, property.address, property.house_use, property.area_m2, property.tenure,
        property.title_status, title.share, property.registered_date
    from over_limit
    join shared.household_title as title
        on title.case_no = over_limit.case_no and title.house_use in ('10', '11')
    join clean.property as property on property.record_id = title.record_id
)

select
    case_no, record_id, role, link_grade, verify_only, sentence, dwellings, dwellings_allowed,
    heads, area_held, area_per_head, area_per_head_exempt, owner_name, unit_address, house_use,
    area_m2, tenure, title_status, owner_share, registered_date
from every_row
order by case_no, seq_place, record_id, role
