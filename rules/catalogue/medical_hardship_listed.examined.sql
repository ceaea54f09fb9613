-- One row for each active case, with what it bore; and one for each member with a row set aside.
select
    case_no, cast(null as integer) as seq, lookback_months, settlement_count, borne_total_yuan,
    limit_yuan, is_over, may_be_over, is_aided, false as is_unread
from shared.case_medical
union all
select case_no, seq, null, null, null, null, null, null, null, true
from shared.medical_unread
order by case_no, is_unread, seq
