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
        pair.match_weight,
        pair.age_weight + pair.slot_weight + pair.township_weight + pair.death_weight
        + pair.sex_weight as circumstance_bits,
        coalesce(coverage.share, $coverage) as coverage,
        coalesce(coverage.share, $coverage) / measure.persons
        * power(2.0, least(pair.match_weight, 200)) as odds,
        coalesce(frequency.bearers, 0) as bearers,
        record.birth_date is not null as has_birth,
        case when record.birth_date is null then 1 else $unseen_with_birth end
        * case when pair.township_level = 'unknown' then 1 else apart.township end
        * case when pair.address_level = 'unknown' then 1 else apart.address end
        * case when pair.case_level = 'unknown' then 1 else apart.of_case end
        * case when pair.kin_level = 'unknown' then 1 else apart.kin end as unseen,
        pair.number_level = 'repaired' as has_number
    from work.scored_pair as pair
    cross join measure
    cross join apart
    join work.open_record as record
        on record.record_id = pair.record_id and record.role = pair.role
    left join work.coverage as coverage on coverage.dataset = pair.dataset
    left join work.name_frequency as frequency on frequency.name_key = pair.name_key
),

totalled as (
    select
        *,
        sum(odds) over one_record as all_odds,
        count(*) filter (where name_level in ('same', 'spacing', 'swapped'))
            over one_record as namesakes_compared,
        max(circumstance_bits) over one_record as circumstance
    from odds
    window one_record as (partition by record_id, role)
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
    odds / (all_odds + rest) as posterior,
    log2(odds) - log2(greatest(all_odds - odds, 0) + rest) as score,
    row_number() over (partition by record_id, role order by odds desc, person_id) as place
from weighed
