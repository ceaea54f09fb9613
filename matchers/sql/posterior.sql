-- How probable each pair is, against every other candidate of the record, against namesakes who
-- were not compared, somebody known whose name was miswritten, and somebody unknown (Fellegi and Sunter 1969, as Bayes' rule over
-- exclusive hypotheses: a record speaks of one person at most).
with measure as (
    select count(*) as persons from linked.person
),

apart as (
    select
        max(case when comparison = 'township' then m / u end) as township,
        max(case when comparison = 'address' then m end) as address,
        max(case when comparison = 'case' then m end) as of_case,
        max(case when comparison = 'kin' then m end) as kin
    from work.level
    where level = 'differs'
),

odds as (
    select
        pair.record_id, pair.role, pair.person_id, pair.dataset, pair.name_level,
        pair.match_weight, pair.bearers,
        pair.age_weight + pair.slot_weight + pair.township_weight + pair.death_weight
        + pair.sex_weight as circumstance_bits,
        coalesce(coverage.share, $coverage) as coverage,
        coalesce(coverage.share, $coverage) / measure.persons
        * power(2.0, least(pair.match_weight, 200)) as odds,
        case when pair.has_birth then $unseen_with_birth else 1 end
        * case when pair.township_level = 'unknown' then 1 else apart.township end
        * case when pair.address_level = 'unknown' then 1 else apart.address end
        * case when pair.case_level = 'unknown' then 1 else apart.of_case end
        * case when pair.kin_level = 'unknown' then 1 else apart.kin end as unseen,
        pair.has_birth,
        pair.number_level = 'repaired' as has_number
    from work.scored_pair as pair
    cross join measure
    cross join apart
    left join work.coverage as coverage on coverage.dataset = pair.dataset
),

-- Of the likelier and of the less likely candidates apart: taken off their sum with the pair's own,
-- little odds beside large ones would drown in rounding, another way each time they are added up.
totalled as (
    select
        *,
        coalesce(sum(odds) over likelier, 0) + coalesce(sum(odds) over unlikelier, 0)
            as other_odds,
        count(*) filter (where name_level in ('same', 'spacing', 'swapped'))
            over one_record as namesakes_compared,
        max(circumstance_bits) over one_record as circumstance,
        row_number() over by_odds as place
    from odds
    window
        by_odds as (partition by record_id, role order by odds desc, person_id),
        likelier as (
            partition by record_id, role order by odds desc, person_id
            rows between unbounded preceding and 1 preceding
        ),
        unlikelier as (
            partition by record_id, role order by odds desc, person_id
            rows between 1 following and unbounded following
        ),
        one_record as (
            partition by record_id, role order by odds desc, person_id
            rows between unbounded preceding and unbounded following
        )
),

weighed as (
    select
        *,
        1 - coverage
        + case
            when has_number or has_birth then 0
            else $miswritten * power(2.0, greatest(circumstance, 0))
        end
        + coverage
        * greatest(bearers - namesakes_compared, 0) / greatest(bearers, 1)
        * unseen as rest
    from totalled
)

select
    record_id, role, person_id, dataset, match_weight,
    odds / (odds + other_odds + rest) as posterior,
    log2(odds) - log2(other_odds + rest) as score,
    place
from weighed
