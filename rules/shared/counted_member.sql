-- One row for each counted member of an active case, the certainly dead included.
-- Birth date: from the member's number, else the register's, else as declared; age in full years.
-- is_authorised: an authorisation signed by the as-of date; the applicant's covers those under 18.
with applicant as (
    select
        member.case_no, member.seq, member.authorised_date, subject.person_id,
        row_number() over (
            partition by member.case_no
            order by
                case when member.relation = '01' then 0 else 1 end,
                case when member.id_no = household.applicant_id_no then 0 else 1 end,
                member.seq
        ) as place
    from clean.member as member
    join clean.household as household on household.case_no = member.case_no
    left join linked.subject as subject
        on subject.record_id = member.record_id and subject.kind = 'case'
    where household.benefit_status in ('1', '3')
        and (
            member.relation = '01'
            or member.id_no = household.applicant_id_no
            or member.name = household.applicant_name
        )
),

counted as (
    select
        member.*, household.scheme, subject.subject_id, subject.person_id, subject.person_grade,
        applicant.seq as applicant_seq, applicant.authorised_date as applicant_authorised_date,
        coalesce(
            try_cast(
                substr(member.id_no, 7, 4) || '-' || substr(member.id_no, 11, 2) || '-'
                || substr(member.id_no, 13, 2) as date
            ),
            person.birth_date,
            member.birth_date
        ) as known_birth_date
    from clean.member as member
    join clean.household as household on household.case_no = member.case_no
    left join linked.subject as subject
        on subject.record_id = member.record_id and subject.kind = 'case'
    left join linked.person as person on person.person_id = subject.person_id
    left join applicant on applicant.case_no = member.case_no and applicant.place = 1
    where household.benefit_status in ('1', '3') and member.member_kind = '1'
),

aged as (
    select
        counted.*,
        (
            extract(year from cast($as_of as date)) * 10000
            + extract(month from cast($as_of as date)) * 100
            + extract(day from cast($as_of as date))
            - extract(year from known_birth_date) * 10000
            - extract(month from known_birth_date) * 100
            - extract(day from known_birth_date)
        ) // 10000 as age
    from counted
)

select
    aged.case_no, aged.seq, aged.record_id, aged.subject_id, aged.person_id, aged.person_grade,
    aged.scheme, aged.name, aged.name_raw, aged.id_no, aged.id_no_raw, aged.id_no_text,
    aged.id_no_status, aged.sex, aged.known_birth_date as birth_date, aged.age, aged.relation,
    aged.member_kind, aged.is_beneficiary, aged.disability_kind, aged.disability_level,
    aged.is_seriously_ill, aged.labour, aged.is_in_school, aged.declared_income_yuan,
    aged.authorised_date, aged.applicant_seq,
    coalesce(death.is_certain and aged.person_grade = 'certain', false) as is_certainly_dead,
    coalesce(aged.authorised_date <= $as_of, false)
    or (
        coalesce(aged.age < 18, false)
        and coalesce(aged.applicant_authorised_date <= $as_of, false)
    ) as is_authorised
from aged
left join shared.death as death on death.person_id = aged.person_id
order by aged.case_no, aged.seq
