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
        max(case when comparison = 'kin' then m end) as kin,
        max(case when comparison = 'number' then m / u end) as number
    from work.level
    where level = case comparison when 'number' then 'other' else 'differs' end
),

slot_weight as (
    select
        slot.weighing_id, slot.person_id, slot.level,
        case slot.level
            when 'free' then log2((1 - taken.m) / coalesce(share.free_share, 0.5))
            when 'taken' then log2(taken.m / (1 - coalesce(share.free_share, 0.5)))
            when 'taken_here' then log2(taken_here.m / (1 - coalesce(share.free_share, 0.5)))
        end as weight
    from work.slot_level as slot
    join work.level as taken on taken.comparison = 'slot' and taken.level = 'taken'
    join work.level as taken_here
        on taken_here.comparison = 'slot' and taken_here.level = 'taken_here'
    left join work.slot_share as share
        on share.dataset = slot.dataset
        and share.is_employee = slot.is_employee
        and share.age_band = slot.age_band
),

-- what is weighed of records and not of sayings
own_weight as (
    select
        coalesce(slot.weighing_id, standing.weighing_id) as weighing_id,
        coalesce(slot.person_id, standing.person_id) as person_id,
        slot.level as slot_level, coalesce(slot.weight, 0) as slot_weight,
        standing.level as standing_level, coalesce(standing.weight, 0) as standing_weight,
        coalesce(standing.unseen, 1) as standing_unseen
    from slot_weight as slot
    full join work.standing_weight as standing
        on standing.weighing_id = slot.weighing_id and standing.person_id = slot.person_id
),

pair as (
    select
        weighing.weighing_id, scored.*, own.slot_level, coalesce(own.slot_weight, 0) as slot_weight,
        own.standing_level, coalesce(own.standing_weight, 0) as standing_weight,
        coalesce(own.standing_unseen, 1) as standing_unseen,
        scored.saying_bits + coalesce(own.slot_weight, 0) + coalesce(own.standing_weight, 0)
            as match_weight
    from work.scored_pair as scored
    join work.weighing as weighing on weighing.saying_id = scored.saying_id
    left join own_weight as own
        on own.weighing_id = weighing.weighing_id and own.person_id = scored.person_id
),

odds as (
    select
        pair.weighing_id, pair.saying_id, pair.person_id,
        pair.name_level in ('same', 'spacing', 'swapped') as is_namesake,
        pair.slot_level, pair.slot_weight, pair.standing_level, pair.standing_weight,
        pair.standing_unseen, pair.match_weight, pair.bearers,
        pair.age_weight + pair.township_weight + pair.death_weight + pair.sex_weight
            as circumstance_bits,
        coalesce(coverage.share, $coverage) as coverage,
        coalesce(coverage.share, $coverage) / measure.persons
        * power(2.0, least(pair.match_weight, 200)) as odds,
        case when pair.has_birth then $unseen_with_birth else 1 end
        * case when pair.township_level = 'unknown' then 1 else apart.township end
        * case when pair.address_level = 'unknown' then 1 else apart.address end
        * case when pair.case_level = 'unknown' then 1 else apart.of_case end
        * case when pair.kin_level = 'unknown' then 1 else apart.kin end
        -- whose number the damaged one may stand for is compared always
        * case when pair.number_level = 'repaired' then apart.number else 1 end
        * pair.standing_unseen as unseen,
        pair.has_birth or pair.number_level = 'repaired' as is_told
    from pair
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
        count(*) filter (where is_namesake) over one_weighing as namesakes_compared,
        max(circumstance_bits) over one_weighing as circumstance,
        row_number() over by_odds as place
    from odds
    window
        by_odds as (partition by weighing_id order by odds desc, person_id),
        likelier as (
            partition by weighing_id order by odds desc, person_id
            rows between unbounded preceding and 1 preceding
        ),
        unlikelier as (
            partition by weighing_id order by odds desc, person_id
            rows between 1 following and unbounded following
        ),
        one_weighing as (
            partition by weighing_id order by odds desc, person_id
            rows between unbounded preceding and unbounded following
        )
),

weighed as (
    select
        *,
        1 - coverage
        + case
            when is_told then 0
            else $miswritten * power(2.0, greatest(circumstance, 0))
        end
        + coverage
        * greatest(bearers - namesakes_compared, 0) / greatest(bearers, 1)
        * unseen as rest
    from totalled
)

select
    weighing_id, saying_id, person_id, slot_level, slot_weight, standing_level, standing_weight,
    standing_unseen, match_weight,
    odds / (odds + other_odds + rest) as posterior,
    log2(odds) - log2(other_odds + rest) as score,
    place
from weighed
