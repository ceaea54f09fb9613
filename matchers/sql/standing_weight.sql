-- What it weighs, in bits, that a candidate has the standing that a record presumes, or has it not: how
-- often those have it of whom such records speak for certain, against how often people of that age have it
-- (twenty records' worth of doubt, as in age_fit.sql). That somebody is on assistance speaks neither for
-- nor against him: where an employer pays, such people are compared among themselves; of bills it weighs what a
-- bill says of assistance beside all bills, and not that the listed have bills. unseen: how a namesake fits
-- who was not compared, where all were compared who have the standing (or, of pensions, who lack one at their age).
with overall as (
    select
        standing, is_aided, (sum(having_it) + 0.5) / (sum(persons) + 1.0) as share
    from work.standing_share
    group by standing, is_aided
    union all
    select standing, is_aided, (sum(having_it) + 0.5) / (sum(records) + 1.0) as share
    from work.standing_fit
    where standing = 'aided'
    group by standing, is_aided
),

-- of an age that few people have what all ages have counts instead
aged_share as (
    select
        overall.standing, overall.is_aided, share.age_band,
        (share.having_it + 20 * overall.share) / (share.persons + 20) as share
    from work.standing_share as share
    join overall on overall.standing = share.standing and overall.is_aided = share.is_aided
),

expected as (
    select
        fit.standing, fit.cell, fit.is_aided, overall.share,
        greatest(
            (fit.having_it + 20 * overall.share) / (fit.records + 20),
            case when fit.standing = 'pensioned' then taken.m else 0 end
        ) as m
    from work.standing_fit as fit
    join overall on overall.standing = fit.standing and overall.is_aided = fit.is_aided
    cross join work.level as taken
    where taken.comparison = 'slot' and taken.level = 'taken'
),

-- pensioners of an age at which few have a pension (standing_block.sql), and people of such an age
young as (
    select
        -- in whole thousandths of a person, which add up to the same in any order
        coalesce(
            sum(cast(1000 * share.persons * power(2.0, age_fit.weight) as bigint))
            / any_value(1000 * total.persons),
            0
        ) as among_pensioners,
        coalesce(sum(share.persons) / any_value(total.persons), 0) as among_all
    from work.standing_share as share
    join work.age_fit as age_fit
        on age_fit.dataset = 'human_resources.pensions' and age_fit.age_band = share.age_band
    cross join (
        select sum(persons) as persons from work.standing_share where standing = 'pensioned'
    ) as total
    where share.standing = 'pensioned' and share.share < 0.2
),

apart as (
    select
        expected.standing, expected.cell,
        least(
            case
                when expected.standing = 'pensioned' then
                    (expected.m + young.among_pensioners) / (expected.share + young.among_all)
                else (1 - expected.m) / (1 - expected.share)
            end,
            1
        ) as unseen
    from expected
    cross join young
    where not expected.is_aided and expected.cell <> 'not assisted'
),

gathered as (
    select saying_id
    from work.standing_block
    group by saying_id
    having count(*) <= $block_cap
),

candidate as (
    select
        weighing.weighing_id, presumed.saying_id, presumed.standing, presumed.cell, pair.person_id,
        pair.age_band, standing.person_id is not null as has_it,
        presumed.standing = 'employee' and aided.person_id is not null as is_aided
    from work.presumed as presumed
    join work.weighing as weighing on weighing.weighing_id = presumed.open_id
    join work.pair as pair on pair.saying_id = presumed.saying_id
    left join work.standing as standing
        on standing.standing = presumed.standing and standing.person_id = pair.person_id
    left join work.standing as aided
        on aided.standing = 'aided' and aided.person_id = pair.person_id
)

select
    candidate.weighing_id, candidate.person_id,
    case when candidate.has_it then '' when aged.weight >= 1 then 'due_not_' else 'not_' end
    || candidate.standing
    || case when candidate.cell = 'not assisted' then '_otherwise' else '' end as level,
    log2(
        case
            when candidate.has_it then expected.m / coalesce(aged_share.share, expected.share)
            else (1 - expected.m) / (1 - coalesce(aged_share.share, expected.share))
        end
    )
    + coalesce(aged.weight, 0) as weight,
    case when gathered.saying_id is null then 1 else coalesce(apart.unseen, 1) end as unseen
from candidate
join expected
    on expected.standing = candidate.standing
    and expected.cell = candidate.cell
    and expected.is_aided = candidate.is_aided
left join apart on apart.standing = candidate.standing and apart.cell = candidate.cell
left join gathered on gathered.saying_id = candidate.saying_id
left join aged_share
    on aged_share.standing = candidate.standing
    and aged_share.is_aided = candidate.is_aided
    and aged_share.age_band = candidate.age_band
left join work.pension_age as aged
    on aged.open_id = candidate.weighing_id and aged.person_id = candidate.person_id
