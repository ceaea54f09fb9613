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

several as (
    select one.*
    from benefiting as one
    semi join benefiting as other
        on other.person_id = one.person_id and other.case_no <> one.case_no
),

duplicate as (
    select
        person_id, string_agg(distinct case_no, ';' order by case_no) as case_nos,
        cast(sum(share_yuan) - max(share_yuan) as decimal(14, 2)) as at_risk_yuan
    from several
    group by person_id
)

select
    duplicate.case_nos as case_no, duplicate.person_id, several.record_id,
    several.person_grade as link_grade, duplicate.at_risk_yuan,
    several.name_raw as listed_name, several.case_no as benefit_case_no, several.scheme,
    several.share_yuan
from duplicate
join several on several.person_id = duplicate.person_id
order by duplicate.case_nos, duplicate.person_id, several.case_no, several.seq
