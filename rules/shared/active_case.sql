-- One row for each active case, with its division's income line and its living heads.
-- line_yuan: what a head may have a month as at the as-of date; null for scheme 32, and where no
-- policy of the case's division is at hand. Scheme 31 goes by the applicant's HKLX, urban where unknown. The
-- applicant is a member row's, else the person whom the household row names for certain.
-- members: the counted members on record, the dead included; null without any.
with heads as (
    select
        case_no, sum(case when is_certainly_dead then 0 else 1 end) as heads,
        count(*) as members, max(applicant_seq) as applicant_seq,
        max(applicant_person_id) as applicant_person_id
    from shared.counted_member
    group by case_no
)

select
    household.*, substr(household.township_code, 1, 6) as division,
    heads.members, heads.applicant_seq,
    coalesce(heads.applicant_person_id, named.person_id) as applicant_person_id,
    applicant.residence_kind as applicant_residence_kind,
    cast(coalesce(heads.heads, 0) as integer) as heads,
    cast(
        case
            when household.scheme in ('11', '21', '23') then policy.dibao_standard_urban
            when household.scheme in ('12', '22') then policy.dibao_standard_rural
            when household.scheme = '31' and applicant.residence_kind = '2'
                then cast(policy.dibao_standard_rural as decimal(24, 6)) * policy.borderline_multiplier
            when household.scheme = '31'
                then cast(policy.dibao_standard_urban as decimal(24, 6)) * policy.borderline_multiplier
        end as decimal(18, 6)
    ) as line_yuan
from clean.household as household
left join heads on heads.case_no = household.case_no
left join linked.person_record as named
    on named.record_id = household.record_id
    and named.dataset = 'civil_affairs.households'
    and named.grade = 'certain'
left join linked.person as applicant
    on applicant.person_id = coalesce(heads.applicant_person_id, named.person_id)
left join policy.in_force as policy on policy.division = substr(household.township_code, 1, 6)
where household.benefit_status in ('1', '3')
order by household.case_no
