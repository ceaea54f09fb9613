-- One row for each counted member of an active case, the certainly dead included. Who is for certain the same
-- person in two rows of a case is one member of it: the row of a beneficiary stands, then the first.
-- Birth date: from the member's number, else the register's, else as declared; age in full years.
-- is_authorised: an authorisation signed by the as-of date; the applicant's covers those under 18.
-- The members' many columns are joined last: each step before costs by the columns it carries.
with listed as (
    select
        member.case_no, member.seq, member.record_id, member.member_kind, member.is_beneficiary,
        member.authorised_date, household.scheme, subject.subject_id, subject.person_id, subject.person_grade,
        coalesce(
            try_cast(
                substr(member.id_no, 7, 4) || '-' || substr(member.id_no, 11, 2) || '-'
                || substr(member.id_no, 13, 2) as date
            ),
            known.birth_date,
            member.birth_date
        ) as birth_date,
        case
            when member.relation = '01' and member.id_no = household.applicant_id_no then 0
            when member.relation = '01' then 1
            when member.id_no = household.applicant_id_no then 2
            when member.name = household.applicant_name then 3
        end as applicant_claim
    from clean.member as member
    join clean.household as household on household.case_no = member.case_no
    left join linked.subject as subject
        on subject.record_id = member.record_id and subject.kind = 'case'
    left join linked.person as known on known.person_id = subject.person_id
    where household.benefit_status in ('1', '3')
),

claimant as (
    select
        case_no, seq, person_id, authorised_date,
        row_number() over (partition by case_no order by applicant_claim, seq) as place
    from listed
    where applicant_claim is not null
),

counted as (
    select
        listed.case_no, listed.seq, listed.record_id, listed.scheme, listed.subject_id,
        listed.person_id, listed.person_grade, listed.birth_date,
        applicant.seq as applicant_seq, applicant.person_id as applicant_person_id,
        applicant.authorised_date as applicant_authorised_date,
        (
            extract(year from cast($as_of as date)) * 10000
            + extract(month from cast($as_of as date)) * 100
            + extract(day from cast($as_of as date))
            - extract(year from listed.birth_date) * 10000
            - extract(month from listed.birth_date) * 100
            - extract(day from listed.birth_date)
        ) // 10000 as age,
        coalesce(death.is_certain and listed.person_grade = 'certain', false) as is_certainly_dead
    from listed
    left join claimant as applicant on applicant.case_no = listed.case_no and applicant.place = 1
    left join shared.death as death on death.person_id = listed.person_id
    anti join listed as same
        on same.case_no = listed.case_no
        and same.person_id = listed.person_id
        and same.member_kind = '1'
        and same.person_grade = 'certain'
        and listed.person_grade = 'certain'
        and (
            same.is_beneficiary > listed.is_beneficiary
            or (same.is_beneficiary = listed.is_beneficiary and same.seq < listed.seq)
        )
    where listed.member_kind = '1'
)

select
    counted.case_no, counted.seq, counted.record_id, counted.subject_id, counted.person_id,
    counted.person_grade, counted.scheme, member.name, member.name_raw, member.id_no,
    member.id_no_raw, member.id_no_text, member.id_no_status, member.sex, counted.birth_date,
    counted.age, member.relation, member.member_kind, member.is_beneficiary,
    member.disability_kind, member.disability_level, member.is_seriously_ill, member.labour,
    member.is_in_school, member.declared_income_yuan,
    list_contains(member.remarks, 'declared_income_yuan:unreadable') as is_declared_unread,
    member.authorised_date, counted.applicant_seq, counted.applicant_person_id,
    counted.is_certainly_dead,
    coalesce(member.authorised_date <= $as_of, false)
    or (
        coalesce(counted.age < 18, false)
        and coalesce(counted.applicant_authorised_date <= $as_of, false)
    ) as is_authorised
from counted
join clean.member as member on member.record_id = counted.record_id
order by counted.case_no, counted.seq
