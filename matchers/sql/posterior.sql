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
        pair.*,
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
    left join work.name_frequency as frequency on frequency.name = pair.name
),

totalled as (
    select
        *,
        sum(odds) over one_record as all_odds,
        count(*) filter (where name_level = 'same') over one_record as namesakes_compared,
        max(age_weight + slot_weight + township_weight + death_weight + sex_weight)
            over one_record as circumstance
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
    * exclude (odds, all_odds, namesakes_compared, has_birth, has_number, bearers, circumstance, unseen, rest, coverage),
    odds / (all_odds + rest) as posterior,
    log2(odds) - log2(greatest(all_odds - odds, 0) + rest) as score,
    row_number() over (partition by record_id, role order by odds desc, person_id) as place,
    concat_ws(
        ' ',
        'name:' || name_level,
        case when number_level <> 'unknown' then 'number:' || number_level end,
        case when birth_level <> 'unknown' then 'birth:' || birth_level end,
        case when sex_level <> 'unknown' then 'sex:' || sex_level end,
        case when township_level <> 'unknown' then 'township:' || township_level end,
        case when address_level <> 'unknown' then 'address:' || address_level end,
        case when case_level <> 'unknown' then 'case:' || case_level end,
        case when kin_level <> 'unknown' then 'kin:' || kin_level end,
        case when unit_level <> 'unknown' then 'unit:' || unit_level end,
        case when death_level <> 'unknown' then 'death:' || death_level end,
        case when slot_level is not null then 'slot:' || slot_level end
    ) as why
from weighed
