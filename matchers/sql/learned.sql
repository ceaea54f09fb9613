-- m of the comparisons whose weight depends on how a department keeps its books, learned from the
-- run itself: pairs that are sure without them (work.profile). The model's m counts as $prior_pairs
-- such pairs.
with observed as (
    select dataset, 'township' as comparison, township_level as level, sum(sure_pairs) as pairs
    from work.profile group by all
    union all
    select dataset, 'address' as comparison, address_level as level, sum(sure_pairs) as pairs
    from work.profile group by all
    union all
    select dataset, 'case' as comparison, case_level as level, sum(sure_pairs) as pairs
    from work.profile group by all
    union all
    select dataset, 'kin' as comparison, kin_level as level, sum(sure_pairs) as pairs
    from work.profile group by all
    union all
    select dataset, 'unit' as comparison, unit_level as level, sum(sure_pairs) as pairs
    from work.profile group by all
    union all
    select dataset, 'death' as comparison, death_level as level, sum(sure_pairs) as pairs
    from work.profile group by all
),

known as (
    select dataset, comparison, sum(pairs) as pairs
    from observed
    where level <> 'unknown'
    group by dataset, comparison
)

select
    dataset.dataset, level.comparison, level.level,
    case
        when level.level = 'unknown' then 1.0
        else
            (coalesce(observed.pairs, 0) + $prior_pairs * level.m)
            / (coalesce(known.pairs, 0) + $prior_pairs)
    end as m
from (select distinct dataset from work.profile) as dataset
cross join work.level as level
left join observed
    on observed.dataset = dataset.dataset
    and observed.comparison = level.comparison
    and observed.level = level.level
left join known
    on known.dataset = dataset.dataset and known.comparison = level.comparison
where level.comparison in ('township', 'address', 'case', 'kin', 'unit', 'death')
