-- Activity dated more than 30 days after the person's death: contributions (by their month), and
-- settlements that were not taken back afterwards (a reversed settlement equals its absence; what is negative
-- takes back, flagged or not).
with mention as (
    select link.person_id, link.record_id, link.dataset, link.role, link.grade, death.death_date
    from shared.death_record as death
    join linked.person_record as link on link.person_id = death.person_id
    where link.dataset in ('medical_insurance.settlements', 'human_resources.contributions')
),

settled as (
    select
        mention.*, settlement.settled_date, settlement.total_yuan,
        coalesce(settlement.is_takeback, false) or coalesce(settlement.total_yuan < 0, false)
            as is_takeback
    from mention
    join clean.settlement as settlement on settlement.record_id = mention.record_id
),

activity as (
    select settled.person_id, settled.record_id, settled.dataset, settled.role, settled.grade,
        settled.death_date, settled.settled_date as activity_date
    from settled
    left join settled as back
        on back.person_id = settled.person_id
        and back.is_takeback
        and back.total_yuan = -settled.total_yuan
        and back.settled_date >= settled.settled_date
    where not settled.is_takeback and back.record_id is null
    union all
    select mention.person_id, mention.record_id, mention.dataset, mention.role, mention.grade,
        mention.death_date, contribution.month as activity_date
    from mention
    join clean.contribution as contribution on contribution.record_id = mention.record_id
)

select person_id, record_id, dataset, role, grade, activity_date
from activity
where activity_date > death_date + 30 and activity_date <= $as_of
order by person_id, record_id
