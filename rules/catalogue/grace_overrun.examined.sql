-- One row for each case in its grace period.
select case_no, grace_end_month, monthly_amount_yuan
from shared.active_case
where benefit_status = '3'
order by case_no
