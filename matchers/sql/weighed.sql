-- linked.weighed: what spoke for and against each pair that explains a link or the lack of one, with the
-- reason's code. Of records that are weighed at once (work.weighing) only the first stands here.
select
    first.record_id as first_record_id, first.dataset, first.role, posterior.person_id,
    posterior.posterior, posterior.score, posterior.match_weight, posterior.place,
    concat_ws(
        ' ', pair.why, 'slot:' || posterior.slot_level, 'standing:' || posterior.standing_level
    ) as why,
    pair.name_weight, pair.number_weight, pair.birth_weight, pair.sex_weight,
    pair.township_weight, pair.address_weight, pair.case_weight, pair.kin_weight,
    pair.unit_weight, pair.death_weight, pair.age_weight, posterior.slot_weight,
    posterior.standing_weight
from work.posterior as posterior
join work.open_record as first on first.open_id = posterior.weighing_id
join work.scored_pair as pair
    on pair.saying_id = posterior.saying_id and pair.person_id = posterior.person_id
where posterior.posterior >= 0.001 or posterior.place <= 3
