-- One row for each resident with an unemployment benefit, by the last one.
with last_benefit as (
    select link.person_id, max(benefit.end_month) as end_month
    from clean.unemployment_benefit as benefit
    join linked.person_record as link
        on link.record_id = benefit.record_id
        and link.dataset = 'human_resources.unemployment_benefits'
    group by link.person_id
),

paid_since as (
    select distinct last_benefit.person_id
    from last_benefit
    join linked.person_record as link
        on link.person_id = last_benefit.person_id
        and link.dataset = 'human_resources.contributions'
    join clean.contribution as contribution on contribution.record_id = link.record_id
    where contribution.month > last_benefit.end_month
),

unread as (
    select distinct person_id
    from linked.unchecked
    where dataset in ('human_resources.contributions', 'human_resources.unemployment_benefits')
)

select
    register.household_no, register.person_id, population.name_raw as resident_name,
    last_benefit.end_month, paid_since.person_id is not null as has_paid_since,
    unread.person_id is not null as is_unread, listed.person_id is not null as is_listed,
    death.person_id is not null as is_dead, screened.household_no is null as passes_screen
from last_benefit
join shared.register_household as register on register.person_id = last_benefit.person_id
join linked.person as person
    on person.person_id = register.person_id and person.register_record_id = register.record_id
join clean.population as population on population.record_id = register.record_id
left join paid_since on paid_since.person_id = last_benefit.person_id
left join unread on unread.person_id = last_benefit.person_id
left join shared.listed_person as listed on listed.person_id = register.person_id
left join shared.death as death on death.person_id = register.person_id and death.is_certain
left join shared.screened_out as screened on screened.household_no = register.household_no
order by register.household_no, register.person_id
