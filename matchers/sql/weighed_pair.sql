-- linked.weighed_pair: what spoke for and against each pair that was compared, for those that
-- explain a link or the lack of one.
select
    record_id, dataset, role, person_id, posterior, score, match_weight, place, why,
    name_weight, number_weight, birth_weight, sex_weight, township_weight, address_weight,
    case_weight, kin_weight, unit_weight, death_weight, age_weight, slot_weight
from work.posterior
where posterior >= 0.001 or place <= 3
order by record_id, role, place
