-- Records without a usable number, with the rest of what they say.
-- case_no: the case they are about; unit_no: who else's records may show the same person (employer,
-- hospital); paper: what names other people as well (a marriage, a title, a contract); slot: of
-- what a person has one at a time. The largest books are read once, all they say in one look; of a number the
-- status tells without reading millions of numbers that it is not usable.
with sought as (
    select *
    from clean.mention
    where id_no is null
        and name is not null
        and (
            is_set_aside
            or dataset not in (
                'public_security.population', 'civil_affairs.members', 'civil_affairs.applications',
                'human_resources.contributions', 'medical_insurance.enrolment',
                'medical_insurance.settlements'
            )
        )
),

context as (
    select
        record_id, case_no, null as paper, null as death_date, null as slot
    from clean.household
    where applicant_id_no is null
    union all
    select record_id, case_no, null as paper, null as death_date, null as slot
    from clean.payment
    where id_no is null
    union all
    select record_id, null as case_no, null as paper, null as death_date, insurance as slot
    from clean.pension
    where id_no is null
    union all
    select
        record_id, null as case_no, cast(record_id as varchar) as paper, null as death_date,
        null as slot
    from clean.marriage
    where husband_id_no is null or wife_id_no is null
    union all
    select record_id, null as case_no, unit_no as paper, null as death_date, null as slot
    from clean.property
    where id_no is null
    union all
    select record_id, null as case_no, contract_no as paper, null as death_date, null as slot
    from clean.presale
    where id_no is null
    union all
    select
        record_id, null as case_no, null as paper,
        coalesce(death_date, cremation_date) as death_date, null as slot
    from clean.cremation
    where id_no is null
),

told as (
    select
        sought.record_id, sought.dataset, sought.role, sought.is_set_aside, sought.name,
        coalesce(
            sought.sex, case sought.role when 'husband' then '1' when 'wife' then '2' end
        ) as sex,
        sought.birth_date, sought.id_status, sought.id_text, sought.township_code, sought.address,
        coalesce(context.case_no, set_aside.case_no) as case_no,
        cast(null as varchar) as unit_no, cast(null as varchar) as employer_name, context.paper,
        cast(context.death_date as date) as death_date, context.slot
    from sought
    left join context on context.record_id = sought.record_id
    left join clean.set_aside as set_aside
        on set_aside.record_id = sought.record_id and sought.is_set_aside
    union all
    select
        record_id, 'human_resources.contributions' as dataset, 'insured' as role,
        false as is_set_aside, name, null as sex, null as birth_date, id_no_status as id_status,
        id_no_text as id_text, null as township_code, null as address, null as case_no,
        employer_no as unit_no, employer_name, null as paper, null as death_date,
        insurance || ' ' || cast(month as varchar) as slot
    from clean.contribution
    where id_no_status not in ('valid', 'valid_15') and name is not null
    union all
    select
        record_id, 'medical_insurance.enrolment' as dataset, 'insured' as role,
        false as is_set_aside, name, sex, birth_date, id_no_status as id_status,
        id_no_text as id_text, null as township_code, null as address, null as case_no,
        null as unit_no, null as employer_name, null as paper, null as death_date,
        insurance as slot
    from clean.enrolment
    where id_no_status not in ('valid', 'valid_15') and name is not null
    union all
    select
        record_id, 'medical_insurance.settlements' as dataset, 'patient' as role,
        false as is_set_aside, name, null as sex, null as birth_date, id_no_status as id_status,
        id_no_text as id_text, null as township_code, null as address, null as case_no,
        institution as unit_no, null as employer_name, null as paper, null as death_date,
        null as slot
    from clean.settlement
    where id_no_status not in ('valid', 'valid_15') and name is not null
)

select
    record_id, dataset, role, is_set_aside, is_set_aside as is_for_review, name, sex, birth_date,
    case when id_status in ('malformed', 'check_digit', 'date') then id_text end as id_text,
    township_code, address, case_no, unit_no, employer_name, dataset || ' ' || paper as paper,
    death_date, dataset || ' ' || slot as slot
from told
