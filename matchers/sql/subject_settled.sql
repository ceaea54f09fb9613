-- Subjects whom the register knows: by their number for certain, by the rest of their row probably.
-- Nobody stands twice in one case: where two of its members would be one person, neither is.
with settled as (
    select
        subject_id, person_id, 'certain' as grade, cast(99 as double) as score,
        'decision:same' as why
    from work.decided_subject
    union all
    select
        subject_id, person_id, 'certain' as grade, cast(99 as double) as score,
        'number:equal' as why
    from work.subject_by_number
    where subject_id not in (select subject_id from work.decided_subject)
        and (subject_id, person_id) not in (
            select decided.subject_id, register.person_id
            from work.decided as decided
            join linked.register_row as register on register.record_id = decided.record_id
            where decided.verdict = 'different'
        )
    union all
    select subject.subject_id, link.person_id, link.grade, link.score, link.why
    from work.subject_probable as link
    join work.subject_row as subject
        on subject.record_id = link.record_id and subject.dataset = link.dataset
    where subject.subject_id not in (select subject_id from work.decided_subject)
        and subject.subject_id not in (select subject_id from work.unsettled_subject)
),

counted as (
    select
        settled.*,
        count(*) over (
            partition by subject.kind, subject.case_no, settled.person_id
        ) as members
    from settled
    join work.subject_row as subject on subject.subject_id = settled.subject_id
)

select subject_id, person_id, grade, score, why
from counted
where members = 1 or grade = 'certain'
