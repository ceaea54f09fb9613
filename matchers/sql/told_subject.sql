-- Subjects without a usable number, or whose number is another's: to be looked up in
-- the population register by the rest of what their row says. One whose valid number the register has
-- for somebody else is looked up for a person to see: valid, different numbers never link, unless the
-- row itself contradicts the number (work.contradicted_number).
with kin as (
    select subject.case_no, subject.kind, count(*) as settled
    from work.subject_row as subject
    join work.subject_by_number as known on known.subject_id = subject.subject_id
    group by subject.case_no, subject.kind
)

select
    subject.record_id, subject.dataset, 'member' as role, false as is_set_aside,
    subject.id_no is not null
    and disowned.subject_id is null
    and contradicted.subject_id is null as is_for_review,
    subject.name, subject.sex, subject.birth_date,
    case when disowned.subject_id is null then subject.id_text end as id_text,
    subject.township_code, subject.address,
    cast(null as varchar) as case_no, cast(null as varchar) as unit_no,
    cast(null as varchar) as employer_name,
    case when kin.settled > 0 then subject.kind || ':' || subject.case_no end as paper,
    cast(null as date) as death_date, cast(null as varchar) as slot
from work.subject_row as subject
left join work.subject_by_number as known on known.subject_id = subject.subject_id
left join work.disowned_number as disowned on disowned.subject_id = subject.subject_id
left join work.contradicted_number as contradicted on contradicted.subject_id = subject.subject_id
left join kin on kin.case_no = subject.case_no and kin.kind = subject.kind
where known.subject_id is null
    and (
        subject.id_no is null
        or disowned.subject_id is not null
        or subject.id_no in (
            select register.id_no
            from linked.register_row as register
            semi join work.subject_row as own on own.id_no = register.id_no
        )
    )
    and subject.name is not null
