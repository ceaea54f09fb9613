-- The household's income against its line, as the rules recomputed it; yuan a month.
select
    heads, line_yuan, tolerance_share, total_yuan, unknown_wages, is_judged, is_in_grace, is_over,
    cast(case when heads > 0 then round(total_yuan / heads, 2) end as decimal(14, 2))
        as per_head_yuan
from {judged}.checking.case_income
where case_no = $case_no
