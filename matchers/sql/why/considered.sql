-- Everybody linked to a record or weighed against it, the likeliest first.
with tied as (
    select person_id, grade, why, score
    from linked.person_record
    where record_id = $record_id and role = $role
),

weighed as (
    select * from linked.weighed_pair
    where record_id = $record_id and role = $role
),

asked as (
    select person_id from tied
    union
    select person_id from weighed
    union
    select subject.person_id
    from linked.review_pair as pair
    join linked.subject as subject on subject.subject_id = pair.subject_id
    where pair.record_id = $record_id and pair.role = $role
),

subject as (
    select person_id, list(case_no || '#' || cast(seq as varchar) order by case_no, seq) as subjects
    from linked.subject
    group by person_id
),

possible as (
    select subject.person_id, min(pair.why) as why
    from linked.review_pair as pair
    join linked.subject as subject on subject.subject_id = pair.subject_id
    where pair.record_id = $record_id and pair.role = $role
    group by subject.person_id
)

select
    asked.person_id, person.name, person.id_no, subject.subjects, tied.grade,
    coalesce(tied.why, weighed.why, possible.why) as why,
    coalesce(tied.score, weighed.score) as score, weighed.posterior,
    weighed.name_weight, weighed.number_weight, weighed.birth_weight, weighed.sex_weight,
    weighed.township_weight, weighed.address_weight, weighed.case_weight, weighed.kin_weight,
    weighed.unit_weight, weighed.death_weight, weighed.age_weight, weighed.slot_weight,
    weighed.standing_weight
from asked
join linked.person as person on person.person_id = asked.person_id
left join tied on tied.person_id = asked.person_id
left join weighed on weighed.person_id = asked.person_id
left join subject on subject.person_id = asked.person_id
left join possible on possible.person_id = asked.person_id
order by tied.grade is null, weighed.posterior desc nulls last, asked.person_id
