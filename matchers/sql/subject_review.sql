-- Register persons whom an open subject may be, without leaving no doubt, or against the number
-- that the subject carries.
select
    person.register_record_id as record_id, subject.subject_id,
    round(pair.score, 2) as score, pair.why
from linked.weighed_pair as pair
join work.open_record as record
    on record.record_id = pair.record_id and record.dataset = pair.dataset
join work.subject_row as subject
    on subject.record_id = pair.record_id and subject.dataset = pair.dataset
join linked.person as person on person.person_id = pair.person_id
left join work.mere_likeness as likeness
    on likeness.record_id = pair.record_id
    and likeness.dataset = pair.dataset
    and likeness.person_id = pair.person_id
where pair.posterior >= $possible
    and (
        pair.posterior < $probable
        or pair.place > 1
        or record.is_for_review
        or likeness.person_id is not null
        or subject.subject_id in (select subject_id from work.unsettled_subject)
    )
