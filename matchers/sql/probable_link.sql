-- The likeliest person of each open record, where hardly a doubt is left; never by names that are no more
-- than alike.
select
    pair.record_id, pair.dataset, pair.role, pair.person_id,
    'probable' as grade, round(least(pair.score, 98), 2) as score, pair.why
from linked.weighed_pair as pair
join work.open_record as record
    on record.record_id = pair.record_id and record.role = pair.role
anti join work.mere_likeness as likeness
    on likeness.record_id = pair.record_id
    and likeness.role = pair.role
    and likeness.person_id = pair.person_id
where pair.place = 1 and pair.posterior >= $probable and not record.is_for_review
