-- What the counted members of an active case bore of their medical bills in the look-back
-- (psn_part_amt less maf_pay, take-backs netted) is more than medical.hardship_listed, and no
-- counted member had temporary assistance for illness in that time. A first row with the sum, then one
-- for each settlement; sums and counts are the only facts. Where assistance may hide in a row set
-- aside, nothing is found.
with hard_pressed as (
    select * from shared.case_medical where may_be_over and not is_aided
)
select
    case_no,
    cast(null as integer) as seq,
    cast(null as bigint) as record_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link_grade,
    case when is_over then 'found' else 'not_checked' end as answer,
    case when not is_over then 'value_unreadable:medical_insurance.settlements' end as reason,
    'main' as sentence,
    lookback_months,
    settlement_count,
    borne_total_yuan,
    limit_yuan,
    cast(null as decimal(14, 2)) as borne_yuan
from hard_pressed
union all
select
    bill.case_no,
    cast(null as integer) as seq,
    bill.record_id,
    bill.role,
    bill.link_grade,
    'found' as answer,
    cast(null as varchar) as reason,
    'settlement' as sentence,
    cast(null as integer) as lookback_months,
    cast(null as bigint) as settlement_count,
    cast(null as decimal(14, 2)) as borne_total_yuan,
    cast(null as decimal(14, 2)) as limit_yuan,
    bill.borne_yuan
from shared.listed_bill as bill
join hard_pressed on hard_pressed.case_no = bill.case_no
where hard_pressed.is_over
union all
select
    case_no,
    seq,
    cast(null as bigint) as record_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link_grade,
    'not_checked' as answer,
    'row_set_aside:' || dataset || '#' || seq as reason,
    cast(null as varchar) as sentence,
    cast(null as integer) as lookback_months,
    cast(null as bigint) as settlement_count,
    cast(null as decimal(14, 2)) as borne_total_yuan,
    cast(null as decimal(14, 2)) as limit_yuan,
    cast(null as decimal(14, 2)) as borne_yuan
from shared.medical_unread
order by case_no, answer, record_id nulls first, role, seq, reason
