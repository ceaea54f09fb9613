-- Pairs worth a person's look, linked or not: possible ones, and probable links
-- of subjects. nearness orders them: how far (in bits) the pair is from where a link begins.
with looked_at as (
    select record_id, dataset, role, subject_id, score
    from linked.review_pair
    union
    select link.record_id, link.dataset, link.role, subject.subject_id, link.score
    from linked.person_record as link
    join linked.subject as subject on subject.person_id = link.person_id
    where link.grade = 'probable' and link.dataset <> 'public_security.population'
    union
    select
        person.register_record_id as record_id, 'public_security.population' as dataset,
        'resident' as role, subject.subject_id, round(least(pair.score, 98), 2) as score
    from linked.subject as subject
    join linked.person as person on person.person_id = subject.person_id
    join linked.weighed_pair as pair
        on pair.record_id = subject.record_id
        and pair.role = 'member'
        and pair.person_id = subject.person_id
    where subject.person_grade = 'probable' and person.register_record_id is not null
)

select
    substr(sha256(record.record_hash || value.subject_hash), 1, 16) as pair_id,
    looked_at.record_id, looked_at.dataset, looked_at.role, looked_at.subject_id,
    record.name as record_name, record.record_hash, value.subject_hash,
    coalesce(abs(looked_at.score - log2($probable / (1 - $probable))), 2) as nearness
from looked_at
join work.record_value as record
    on record.record_id = looked_at.record_id
    and record.dataset = looked_at.dataset
    and record.role = looked_at.role
join work.subject_value as value on value.subject_id = looked_at.subject_id
order by nearness, pair_id
