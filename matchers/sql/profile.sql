-- The combinations of levels that pairs of a dataset are at, with how many records' pairs of each are sure
-- without the comparisons that a department's books decide: by a repaired number, or a name that one
-- person alone bears. There are a few hundred for all pairs of a night.
select
    pair.dataset, pair.name_level, pair.number_level, pair.birth_level, pair.sex_level,
    pair.township_level, pair.address_level, pair.case_level, pair.kin_level, pair.unit_level,
    pair.death_level,
    coalesce(
        sum(pair.records) filter (
            where pair.number_level = 'repaired'
                or (
                    pair.name_level in ('same', 'spacing')
                    and frequency.bearers = 1
                    and pair.number_level <> 'other'
                )
        ),
        0
    ) as sure_pairs
from work.pair as pair
join work.name_frequency as frequency on frequency.name_key = pair.name_key
group by all
