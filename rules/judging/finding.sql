-- The findings with who they are about. A finding's id is its identity (rule, case or person, period):
-- the same from night to night, and without an identity number inside.
with known_person as (
    select
        draft.place, person.person_id, person.person_key,
        coalesce(member.name_raw, population.name_raw, person.name) as person_name,
        coalesce(member.id_no, member.id_no_text, person.id_no) as person_id_no,
        person.household_no, person.township_code
    from judging.draft as draft
    left join clean.member as member
        on member.case_no = draft.first_case_no and member.seq = draft.seq
    left join linked.subject as subject
        on subject.record_id = member.record_id and subject.kind = 'case'
    left join linked.person as person
        on person.person_id = coalesce(draft.person_id, subject.person_id)
    left join clean.population as population
        on population.record_id = person.register_record_id
    where draft.seq is not null or draft.person_id is not null
),

register_township as (
    select population.household_no, min(population.township_code) as township_code
    from clean.population as population
    join (
        select distinct household_no from judging.draft where household_no is not null
    ) as wanted on wanted.household_no = population.household_no
    where population.person_status = '0'
    group by population.household_no
),

described as (
    select
        draft.*, known_person.person_key, known_person.person_name, known_person.person_id_no,
        known_person.person_id as known_person_id,
        coalesce(
            draft.household_no,
            case when draft.case_no is null then known_person.household_no end
        ) as known_household_no,
        household.applicant_name_raw as applicant_name,
        coalesce(
            household.township_code, register_township.township_code, known_person.township_code
        ) as township_code,
        case
            when draft.seq is not null then draft.case_no || '|' || cast(draft.seq as varchar)
            when known_person.person_key is not null then '|' || known_person.person_key
            else coalesce(draft.case_no, draft.household_no) || '|'
        end as identity
    from judging.draft as draft
    left join known_person on known_person.place = draft.place
    left join clean.household as household on household.case_no = draft.first_case_no
    left join register_township on register_township.household_no = draft.household_no
)

select
    substr(sha256(rule || '|' || identity || '|' || period), 1, 16) as finding_id,
    rule, direction, per, grade, case_no, seq, known_person_id as person_id,
    known_household_no as household_no, person_key, person_name, person_id_no, applicant_name,
    township_code, period, cast(at_risk_yuan as decimal(14, 2)) as at_risk_yuan, evidence,
    evidence_hash
from described
order by rule, case_no, seq, household_no, person_id, period, finding_id
