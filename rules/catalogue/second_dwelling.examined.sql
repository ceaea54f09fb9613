-- One row for each active case, with its dwellings (none: no values).
select
    active_case.case_no, coalesce(dwelling.dwellings, 0) as dwellings,
    cast(dwelling.allowed as integer) as dwellings_allowed, active_case.heads,
    cast(round(dwelling.held_m2, 2) as decimal(14, 2)) as area_held,
    cast(round(dwelling.held_m2 / dwelling.heads, 2) as decimal(14, 2)) as area_per_head,
    cast(dwelling.exempt_m2 as decimal(14, 2)) as area_per_head_exempt,
    dwelling.is_above_allowed, dwelling.is_above_exempt
from shared.active_case as active_case
left join shared.case_dwelling as dwelling on dwelling.case_no = active_case.case_no
order by active_case.case_no
