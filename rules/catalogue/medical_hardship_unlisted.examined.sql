-- One row for each register household with settlements in the look-back. What the screen saw is not kept.
select
    household_no, lookback_months, settlement_count, borne_total_yuan, limit_yuan, is_listed, is_over,
    is_aided, passes_screen
from shared.resident_medical
order by household_no
