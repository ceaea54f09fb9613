-- One row for each case whose benefit ended, and its applicant.
select
    case_no, cast(date_trunc('month', death_date) as date) as death_month, stop_month,
    survivor_count, is_certainly_recorded, is_stopped_then
from shared.bereaved_case
order by case_no, applicant_id
