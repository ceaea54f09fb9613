-- Candidates who certainly have a record of the slot (one pension of a kind, one enrolment, one
-- month's contribution) that the open record is of, and in which unit.
with wanted as (
    select distinct slot from work.open_record where slot is not null
),

candidate_person as (
    select distinct person_id
    from work.candidate
    where saying_id in (select saying_id from work.open_record where slot is not null)
),

their_link as (
    select link.record_id, link.dataset, link.person_id
    from linked.person_record as link
    join candidate_person on candidate_person.person_id = link.person_id
    where link.grade = 'certain'
        and link.dataset in (
            'human_resources.contributions', 'human_resources.pensions',
            'medical_insurance.enrolment'
        )
),

held as (
    select
        link.person_id,
        link.dataset || ' ' || record.insurance || ' ' || cast(record.month as varchar) as slot,
        link.dataset || ' ' || record.employer_no as unit
    from their_link as link
    join clean.contribution as record on record.record_id = link.record_id
    union all
    select
        link.person_id, link.dataset || ' ' || record.insurance as slot,
        cast(null as varchar) as unit
    from their_link as link
    join clean.pension as record on record.record_id = link.record_id
    union all
    select
        link.person_id, link.dataset || ' ' || record.insurance as slot,
        cast(null as varchar) as unit
    from their_link as link
    join clean.enrolment as record on record.record_id = link.record_id
)

select distinct held.slot, held.unit, held.person_id
from held
join wanted on wanted.slot = held.slot
