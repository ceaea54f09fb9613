-- One row for each active case and business unit of its members (none: no values).
select
    active_case.case_no, unit.house_use, unit.household_share, unit.area_m2,
    unit.unit_no is not null as has_unit
from shared.active_case as active_case
left join shared.household_unit as unit
    on unit.case_no = active_case.case_no and unit.house_use in ('20', '30', '40')
order by active_case.case_no, unit.unit_no
