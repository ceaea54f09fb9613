-- Possible links: for a person to look at, never behind a finding. Numbers that are equal under
-- names that do not agree or beside another's birth date, and pairs that fit without leaving no doubt.
with number_only as (
    select
        record_id, dataset, role, person_id, cast(null as double) as score,
        case
            when is_alike then 'number_equal_name_alike' else 'number_equal_name_differs'
        end as why
    from work.number_pair
    where agreement is null and not is_set_aside
),

shared_number as (
    select record_id, dataset, role, person_id, cast(null as double) as score, 'number_of_several' as why
    from work.number_pair
    where agreement is not null and not is_set_aside
    qualify count(*) over (partition by record_id, role) > 1
),

contradicted as (
    select record_id, dataset, role, person_id, cast(null as double) as score, why
    from work.misnumbered_record
),

likely as (
    select pair.record_id, pair.dataset, pair.role, pair.person_id, round(pair.score, 2) as score, pair.why
    from linked.weighed_pair as pair
    join work.open_record as record
        on record.record_id = pair.record_id and record.role = pair.role
    left join work.mere_likeness as likeness
        on likeness.record_id = pair.record_id
        and likeness.role = pair.role
        and likeness.person_id = pair.person_id
    where pair.posterior >= $possible
        and (
            pair.posterior < $probable
            or pair.place > 1
            or likeness.person_id is not null
        )
        and not record.is_set_aside
),

looked_up as (
    select
        record_id, 'public_security.population' as dataset, 'resident' as role, subject_id, score,
        why
    from work.subject_review
),

gathered as (
    select * from number_only
    union all
    select * from shared_number
    union all
    select * from contradicted
    union all
    select * from likely
)

select
    gathered.record_id, gathered.dataset, gathered.role, subject.subject_id, gathered.score,
    gathered.why
from gathered
join linked.subject as subject on subject.person_id = gathered.person_id
union all
select record_id, dataset, role, subject_id, score, why
from looked_up
order by record_id, role, subject_id
