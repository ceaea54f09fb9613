-- What spoke for and against each pair that explains a link or the lack of one, with the reason's code.
select
    posterior.record_id, posterior.dataset, posterior.role, posterior.person_id,
    posterior.posterior, posterior.score, posterior.match_weight, posterior.place,
    concat_ws(
        ' ',
        'name:' || pair.name_level,
        case when pair.number_level <> 'unknown' then 'number:' || pair.number_level end,
        case when pair.birth_level <> 'unknown' then 'birth:' || pair.birth_level end,
        case when pair.sex_level <> 'unknown' then 'sex:' || pair.sex_level end,
        case when pair.township_level <> 'unknown' then 'township:' || pair.township_level end,
        case when pair.address_level <> 'unknown' then 'address:' || pair.address_level end,
        case when pair.case_level <> 'unknown' then 'case:' || pair.case_level end,
        case when pair.kin_level <> 'unknown' then 'kin:' || pair.kin_level end,
        case when pair.unit_level <> 'unknown' then 'unit:' || pair.unit_level end,
        case when pair.death_level <> 'unknown' then 'death:' || pair.death_level end,
        case when pair.slot_level is not null then 'slot:' || pair.slot_level end
    ) as why,
    pair.name_weight, pair.number_weight, pair.birth_weight, pair.sex_weight,
    pair.township_weight, pair.address_weight, pair.case_weight, pair.kin_weight,
    pair.unit_weight, pair.death_weight, pair.age_weight, pair.slot_weight
from work.posterior as posterior
join work.scored_pair as pair
    on pair.record_id = posterior.record_id
    and pair.role = posterior.role
    and pair.person_id = posterior.person_id
where posterior.posterior >= 0.001 or posterior.place <= 3
