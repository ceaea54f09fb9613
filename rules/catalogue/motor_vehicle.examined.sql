-- One row for each vehicle of each living, authorised counted member (one without values where none).
select
    member.case_no, member.seq, member.name_raw as owner_name, vehicle.record_id is not null as has_vehicle,
    vehicle.plate, vehicle.plate_kind, vehicle.vehicle_class, vehicle.vehicle_status,
    policy.vehicle_exempt_plate_kinds as exempt_plate_kinds
from shared.counted_member as member
join shared.active_case as active_case on active_case.case_no = member.case_no
join policy.in_force as policy on policy.division = active_case.division
left join shared.member_link as link
    on link.case_no = member.case_no
    and link.seq = member.seq
    and link.dataset = 'public_security.vehicles'
left join clean.vehicle as vehicle on vehicle.record_id = link.record_id
where member.is_authorised and not member.is_certainly_dead
order by member.case_no, member.seq, vehicle.record_id
