-- A counted member owns a vehicle in force, of a plate kind that is an obstacle.
-- One row for each vehicle; the engine adds grade, freshness and authorisation.
with in_force as (
    select
        link.case_no, link.record_id, link.role, link.grade as link_grade,
        vehicle.name_raw as owner_name, vehicle.plate, vehicle.plate_kind, vehicle.vehicle_class,
        vehicle.vehicle_status, vehicle.first_registered_date, vehicle.scrap_due_date,
        coalesce(vehicle.scrap_due_date < $as_of, false) as is_past_scrapping
    from shared.member_link as link
    join clean.vehicle as vehicle on vehicle.record_id = link.record_id
    join shared.active_case as active_case on active_case.case_no = link.case_no
    join policy.in_force as policy on policy.division = active_case.division
    where link.dataset = 'public_security.vehicles'
        and not list_contains(policy.vehicle_exempt_plate_kinds, vehicle.plate_kind)
        and upper(vehicle.vehicle_class) not like 'C%'                     -- wheelchairs
        and not regexp_matches(upper(vehicle.vehicle_status), '[BCEMP]')   -- moved, stolen, deregistered, void
)

select
    case_no, record_id, role, link_grade, owner_name, plate, plate_kind, vehicle_class,
    vehicle_status, first_registered_date, scrap_due_date,
    case when is_past_scrapping then 'past_scrapping' else 'main' end as sentence,
    bool_and(is_past_scrapping) over (partition by case_no) as verify_only -- sold for scrap, still listed?
from in_force
order by case_no, record_id, role
