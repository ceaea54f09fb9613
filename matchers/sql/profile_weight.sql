-- What each combination of levels (work.profile) weighs whoever the persons are: m, u where the model
-- has it, and the reason's code.
select
    profile.* exclude (sure_pairs),
    name.m as name_m, name.u as name_u, number.weight as number_weight,
    birth.weight as birth_weight, sex.weight as sex_weight,
    township_learned.m as township_m, coalesce(township.u, 1) as township_u,
    address_learned.m as address_m, case_learned.m as case_m, kin_learned.m as kin_m,
    unit_learned.m as unit_m, death_learned.m as death_m, coalesce(death.u, 1) as death_u,
    concat_ws(
        ' ',
        'name:' || profile.name_level,
        case when profile.number_level <> 'unknown' then 'number:' || profile.number_level end,
        case when profile.birth_level <> 'unknown' then 'birth:' || profile.birth_level end,
        case when profile.sex_level <> 'unknown' then 'sex:' || profile.sex_level end,
        case
            when profile.township_level <> 'unknown' then 'township:' || profile.township_level
        end,
        case when profile.address_level <> 'unknown' then 'address:' || profile.address_level end,
        case when profile.case_level <> 'unknown' then 'case:' || profile.case_level end,
        case when profile.kin_level <> 'unknown' then 'kin:' || profile.kin_level end,
        case when profile.unit_level <> 'unknown' then 'unit:' || profile.unit_level end,
        case when profile.death_level <> 'unknown' then 'death:' || profile.death_level end
    ) as why
from work.profile as profile
join work.level as name
    on name.comparison = 'name'
    -- with or without its dot a name is the same name
    and name.level = case profile.name_level when 'spacing' then 'same' else profile.name_level end
join work.level as number on number.comparison = 'number' and number.level = profile.number_level
join work.level as birth on birth.comparison = 'birth' and birth.level = profile.birth_level
join work.level as sex on sex.comparison = 'sex' and sex.level = profile.sex_level
join work.level as township
    on township.comparison = 'township' and township.level = profile.township_level
join work.level as death on death.comparison = 'death' and death.level = profile.death_level
join work.learned as township_learned
    on township_learned.dataset = profile.dataset
    and township_learned.comparison = 'township'
    and township_learned.level = profile.township_level
join work.learned as address_learned
    on address_learned.dataset = profile.dataset
    and address_learned.comparison = 'address'
    and address_learned.level = profile.address_level
join work.learned as case_learned
    on case_learned.dataset = profile.dataset
    and case_learned.comparison = 'case'
    and case_learned.level = profile.case_level
join work.learned as kin_learned
    on kin_learned.dataset = profile.dataset
    and kin_learned.comparison = 'kin'
    and kin_learned.level = profile.kin_level
join work.learned as unit_learned
    on unit_learned.dataset = profile.dataset
    and unit_learned.comparison = 'unit'
    and unit_learned.level = profile.unit_level
join work.learned as death_learned
    on death_learned.dataset = profile.dataset
    and death_learned.comparison = 'death'
    and death_learned.level = profile.death_level
