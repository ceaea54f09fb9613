-- What the people of a register household without any listed person bore of their medical bills in
-- the look-back (psn_part_amt less maf_pay, take-backs netted) is more than
-- medical.hardship_unlisted, none of them had temporary assistance for illness in that time, and
-- the household passes the screen. A first row with
-- the sum, then one for each settlement; sums and counts are the only facts.
-- Of people one of whose settlements is set aside only take-backs count; a household where listing
-- or assistance may hide in a row set aside is left alone.
with hard_pressed as (
    select *
    from shared.resident_medical
    where is_over and not is_listed and not is_aided and passes_screen
)
select
    household_no,
    cast(null as bigint) as record_id,
    cast(null as varchar) as role,
    cast(null as varchar) as link_grade,
    true as verify_only,
    'main' as sentence,
    lookback_months,
    settlement_count,
    borne_total_yuan,
    limit_yuan,
    cast(null as decimal(14, 2)) as borne_yuan
from hard_pressed
union all
select
    bill.household_no,
    bill.record_id,
    bill.role,
    bill.link_grade,
    true as verify_only,
    'settlement' as sentence,
    cast(null as integer) as lookback_months,
    cast(null as bigint) as settlement_count,
    cast(null as decimal(14, 2)) as borne_total_yuan,
    cast(null as decimal(14, 2)) as limit_yuan,
    bill.borne_yuan
from shared.resident_bill as bill
join hard_pressed on hard_pressed.household_no = bill.household_no
order by household_no, record_id nulls first, role
