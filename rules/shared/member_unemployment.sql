-- Unemployment benefits of living, authorised counted members running in the month of the as-of date.
select
    link.case_no, link.seq, link.record_id, link.role, link.grade, benefit.start_month,
    benefit.end_month, benefit.benefit_yuan
from shared.member_link as link
join clean.unemployment_benefit as benefit on benefit.record_id = link.record_id
where link.dataset = 'human_resources.unemployment_benefits'
    and benefit.start_month <= $as_of
    and benefit.end_month >= cast(date_trunc('month', cast($as_of as date)) as date)
order by link.case_no, link.seq, link.record_id
