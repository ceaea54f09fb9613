-- What it weighs, in bits, that a pension began at the age that a candidate had then, beside what his age
-- weighs anyhow (work.age_fit): how often pensions of the kind begin at that very month of a man's or woman's life,
-- against how often they would if only the age counted. Two hundred pensions' worth of doubt, and
-- one in ten may begin for reasons of its own.
with pensioner as (
    select
        insurance, sex, any_value(all_pensions) as pensions
    from work.pension_start
    group by insurance, sex
),

band as (
    select
        share.age_band,
        power(2.0, coalesce(age_fit.weight, 0)) * share.persons / 60.875
        / sum(share.persons) over () as a_month
    from work.standing_share as share
    left join work.age_fit as age_fit
        on age_fit.dataset = 'human_resources.pensions' and age_fit.age_band = share.age_band
    where share.standing = 'pensioned'
),

candidate as (
    select
        presumed.open_id, pair.person_id, pair.age_band, record.insurance, person.sex,
        date_diff('month', person.birth_date, record.start_month) as months
    from work.presumed as presumed
    join work.pair as pair on pair.saying_id = presumed.saying_id
    join work.open_record as open on open.open_id = presumed.open_id
    join clean.pension as record on record.record_id = open.record_id
    join linked.person as person on person.person_id = pair.person_id
    where presumed.standing = 'pensioned'
)

select
    candidate.open_id, candidate.person_id,
    log2(
        0.1
        + 0.9 * (coalesce(start.pensions, 0) + 200 * band.a_month)
        / ((pensioner.pensions + 200) * band.a_month)
    ) as weight
from candidate
join band on band.age_band = candidate.age_band
join pensioner
    on pensioner.insurance = candidate.insurance and pensioner.sex = candidate.sex
left join work.pension_start as start
    on start.insurance = candidate.insurance
    and start.sex = candidate.sex
    and start.months = candidate.months
