-- One person is beneficiary in two or more active cases. At risk a month: all the person's shares but
-- the largest.
with benefiting as (
    select
        member.person_id, member.case_no, member.seq, member.record_id, member.person_grade,
        member.name_raw, member.scheme, share.share_yuan
    from shared.counted_member as member
    join shared.share_of_amount as share
        on share.case_no = member.case_no and share.seq = member.seq
    where member.is_beneficiary and member.person_id is not null
),

duplicate as (
    select
        person_id, string_agg(distinct case_no, ';' order by case_no) as case_nos,
        cast(sum(share_yuan) - max(share_yuan) as decimal(14, 2)) as at_risk_yuan
    from benefiting
    group by person_id
    having count(distinct case_no) > 1
)

select
    duplicate.case_nos as case_no, duplicate.person_id, benefiting.record_id,
    benefiting.person_grade as link_grade, duplicate.at_risk_yuan,
    benefiting.name_raw as listed_name, benefiting.case_no as benefit_case_no, benefiting.scheme,
    benefiting.share_yuan
from duplicate
join benefiting on benefiting.person_id = duplicate.person_id
order by duplicate.case_nos, duplicate.person_id, benefiting.case_no, benefiting.seq
