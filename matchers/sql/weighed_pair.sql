-- linked.weighed_pair: what spoke for and against each record's pairs.
select
    record.record_id, weighed.dataset, weighed.role, weighed.person_id, weighed.posterior,
    weighed.score, weighed.match_weight, weighed.place, weighed.why, weighed.name_weight,
    weighed.number_weight, weighed.birth_weight, weighed.sex_weight, weighed.township_weight,
    weighed.address_weight, weighed.case_weight, weighed.kin_weight, weighed.unit_weight,
    weighed.death_weight, weighed.age_weight, weighed.slot_weight, weighed.standing_weight
from linked.weighed_record as record
join linked.weighed as weighed
    on weighed.first_record_id = record.first_record_id and weighed.role = record.role
