-- Records without a usable number, with the rest of what they say.
-- case_no: the case they are about; unit_no: who else's records may show the same person (employer,
-- hospital); paper: what names other people as well (a marriage, a title, a contract); slot: of
-- what a person has one at a time.
with sought as (
    select *
    from clean.mention
    where id_no is null
        and name is not null
        and (
            is_set_aside
            or dataset not in (
                'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
            )
        )
),

context as (
    select
        record_id, case_no, null as unit, null as employer_name, null as paper,
        null as death_date, null as slot
    from clean.household
    where applicant_id_no is null
    union all
    select
        record_id, case_no, null as unit, null as employer_name, null as paper,
        null as death_date, null as slot
    from clean.payment
    where id_no is null
    union all
    select
        record_id, null as case_no, employer_no as unit, employer_name, null as paper,
        null as death_date, insurance || ' ' || cast(month as varchar) as slot
    from clean.contribution
    where id_no is null
    union all
    select
        record_id, null as case_no, institution as unit, null as employer_name, null as paper,
        null as death_date, null as slot
    from clean.settlement
    where id_no is null
    union all
    select
        record_id, null as case_no, null as unit, null as employer_name, null as paper,
        null as death_date, insurance as slot
    from clean.pension
    where id_no is null
    union all
    select
        record_id, null as case_no, null as unit, null as employer_name, null as paper,
        null as death_date, insurance as slot
    from clean.enrolment
    where id_no is null
    union all
    select
        record_id, null as case_no, null as unit, null as employer_name,
        cast(record_id as varchar) as paper, null as death_date, null as slot
    from clean.marriage
    where husband_id_no is null or wife_id_no is null
    union all
    select
        record_id, null as case_no, null as unit, null as employer_name, unit_no as paper,
        null as death_date, null as slot
    from clean.property
    where id_no is null
    union all
    select
        record_id, null as case_no, null as unit, null as employer_name, contract_no as paper,
        null as death_date, null as slot
    from clean.presale
    where id_no is null
    union all
    select
        record_id, null as case_no, null as unit, null as employer_name, null as paper,
        coalesce(death_date, cremation_date) as death_date, null as slot
    from clean.cremation
    where id_no is null
)

select
    sought.record_id, sought.dataset, sought.role, sought.is_set_aside,
    sought.is_set_aside as is_for_review, sought.name,
    coalesce(
        sought.sex, case sought.role when 'husband' then '1' when 'wife' then '2' end
    ) as sex,
    sought.birth_date,
    case
        when sought.id_status in ('malformed', 'check_digit', 'date') then sought.id_text
    end as id_text,
    sought.township_code, sought.address,
    coalesce(context.case_no, set_aside.case_no) as case_no,
    context.unit as unit_no, context.employer_name,
    sought.dataset || ' ' || context.paper as paper,
    cast(context.death_date as date) as death_date,
    sought.dataset || ' ' || context.slot as slot
from sought
left join context on context.record_id = sought.record_id
left join clean.set_aside as set_aside
    on set_aside.record_id = sought.record_id and sought.is_set_aside
