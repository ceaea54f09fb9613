-- Residents (RYZT 0) whose last unemployment benefit ended (AJC098) in the three months before the
-- month of the as-of date, with no contribution for a later month, in no active case, whose
-- register household passes the screen. One row for each benefit record that ended last.
with last_benefit as (
    select
        link.person_id,
        max(benefit.end_month) as end_month
    from clean.unemployment_benefit as benefit
    join linked.person_record as link
        on link.record_id = benefit.record_id
        and link.dataset = 'human_resources.unemployment_benefits'
    group by link.person_id
    having max(benefit.end_month) < date_trunc('month', $as_of)
        and max(benefit.end_month) >= date_trunc('month', $as_of) - to_months(3)
),
contributing_since as (
    select last_benefit.person_id
    from last_benefit
    join linked.person_record as link
        on link.person_id = last_benefit.person_id
        and link.dataset = 'human_resources.contributions'
    join clean.contribution as contribution on contribution.record_id = link.record_id
    where contribution.month > last_benefit.end_month
),
ended as (
    select last_benefit.person_id, last_benefit.end_month
    from last_benefit
    anti join contributing_since on contributing_since.person_id = last_benefit.person_id
    anti join linked.unchecked as unchecked
        on unchecked.person_id = last_benefit.person_id
        and unchecked.dataset in (
            'human_resources.contributions', 'human_resources.unemployment_benefits'
        )
)
select
    register.household_no,
    register.person_id,
    benefit.record_id,
    link.role,
    link.grade as link_grade,
    true as verify_only,
    population.name_raw as resident_name,
    ended.end_month
from ended
join linked.person_record as link
    on link.person_id = ended.person_id
    and link.dataset = 'human_resources.unemployment_benefits'
join clean.unemployment_benefit as benefit
    on benefit.record_id = link.record_id and benefit.end_month = ended.end_month
join shared.register_household as register on register.person_id = ended.person_id
join linked.person as person
    on person.person_id = register.person_id
    and person.register_record_id = register.record_id
join clean.population as population on population.record_id = register.record_id
anti join shared.listed_person as listed on listed.person_id = ended.person_id
anti join shared.death as death on death.person_id = ended.person_id and death.is_certain
anti join shared.screened_out as screened on screened.household_no = register.household_no
order by register.household_no, register.person_id, benefit.record_id
