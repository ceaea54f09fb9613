-- Contributions of living, authorised counted members, all months up to the as-of date; one row for a
-- member, month, employer and insurance. Where the same fact came under two spellings of the person
-- (the sender's key holds number and name), the newest delivery counts, then the smaller wage.
-- is_in_window: the month is one of those whose wages count.
with sent as (
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade, contribution.employer_no,
        contribution.employer_name, contribution.insurance, contribution.month,
        contribution.insured_as, contribution.wage_yuan, contribution.is_paid,
        row_number() over (
            partition by
                link.case_no, link.seq, contribution.month, contribution.employer_no,
                contribution.insurance
            order by
                contribution.business_date desc, contribution.wage_yuan nulls first,
                link.record_id
        ) as place
    from shared.member_link as link
    join clean.contribution as contribution on contribution.record_id = link.record_id
    where link.dataset = 'human_resources.contributions' and contribution.month <= $as_of
)

select
    sent.case_no, sent.seq, sent.record_id, sent.role, sent.grade, sent.employer_no,
    sent.employer_name, sent.insurance, sent.month, sent.insured_as, sent.wage_yuan, sent.is_paid,
    coalesce(
        sent.month >= wage_window.first_month and sent.month <= wage_window.newest_month, false
    ) as is_in_window
from sent
join clean.household as household on household.case_no = sent.case_no
left join shared.wage_window as wage_window
    on wage_window.division = substr(household.township_code, 1, 6)
where sent.place = 1
order by sent.case_no, sent.seq, sent.month, sent.employer_no, sent.insurance
