-- Unemployment benefits of living, authorised counted members running in the month of the as-of date. The same
-- benefit under two spellings of the person (the sender's key holds number and name) counts once.
with sent as (
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade, benefit.start_month,
        benefit.end_month, benefit.benefit_yuan,
        row_number() over (
            partition by
                link.case_no, link.seq, benefit.start_month, benefit.end_month, benefit.benefit_yuan
            order by link.grade, link.record_id
        ) as place
    from shared.member_link as link
    join clean.unemployment_benefit as benefit on benefit.record_id = link.record_id
    where link.dataset = 'human_resources.unemployment_benefits'
        and benefit.start_month <= $as_of
        and benefit.end_month >= cast(date_trunc('month', cast($as_of as date)) as date)
)

select case_no, seq, record_id, role, grade, start_month, end_month, benefit_yuan
from sent
where place = 1
order by case_no, seq, record_id
