-- m of the comparisons whose weight depends on how a department keeps its books, learned from the
-- run itself: pairs that are sure without them (a repaired number, or a name that one person alone
-- bears). The model's m counts as $prior_pairs such pairs.
with anchor as (
    select pair.*
    from work.pair as pair
    join work.name_frequency as frequency on frequency.name_key = pair.name_key
    where pair.number_level = 'repaired'
        or (pair.name_level in ('same', 'spacing') and frequency.bearers = 1 and pair.number_level <> 'other')
),

observed as (
    select dataset, 'township' as comparison, township_level as level, count(*) as pairs
    from anchor group by all
    union all
    select dataset, 'address' as comparison, address_level as level, count(*) as pairs
    from anchor group by all
    union all
    select dataset, 'case' as comparison, case_level as level, count(*) as pairs
    from anchor group by all
    union all
    select dataset, 'kin' as comparison, kin_level as level, count(*) as pairs
    from anchor group by all
    union all
    select dataset, 'unit' as comparison, unit_level as level, count(*) as pairs
    from anchor group by all
    union all
    select dataset, 'death' as comparison, death_level as level, count(*) as pairs
    from anchor group by all
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
from (select distinct dataset from work.pair) as dataset
cross join work.level as level
left join observed
    on observed.dataset = dataset.dataset
    and observed.comparison = level.comparison
    and observed.level = level.level
left join known
    on known.dataset = dataset.dataset and known.comparison = level.comparison
where level.comparison in ('township', 'address', 'case', 'kin', 'unit', 'death')
