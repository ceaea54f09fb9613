-- The likeliest person of each open row, where hardly a doubt is left and something beside the name and
-- the township speaks for it: a number repaired, a birth date read from it, or the household.
select
    pair.record_id, pair.dataset, pair.role, pair.person_id,
    'probable' as grade, round(least(pair.score, 98), 2) as score, pair.why
from linked.weighed_pair as pair
join work.open_record as record
    on record.record_id = pair.record_id and record.role = pair.role
join work.scored_pair as scored
    on scored.saying_id = record.saying_id and scored.person_id = pair.person_id
where pair.place = 1
    and pair.posterior >= $probable
    and not record.is_for_review
    and (
        scored.number_level = 'repaired'
        or scored.birth_level = 'same'
        or scored.kin_level = 'same'
    )
