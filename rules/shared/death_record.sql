-- One row for each person with a death record dated on or before the as-of date.
-- death_date: the cremation row's date of death, else (or where that is after the as-of date, and the cremation
-- was before: a slip) of cremation; without one the register's; null
-- where the register says dead and its date cannot be read. Of several, certain links first, then the
-- latest date (the later one never claims too much).
with recorded as (
    select
        link.person_id, link.grade = 'certain' as is_certain, 1 as place,
        case
            when cremation.death_date <= $as_of then cremation.death_date
            else cremation.cremation_date
        end as death_date
    from linked.person_record as link
    join clean.cremation as cremation on cremation.record_id = link.record_id
    where link.dataset = 'civil_affairs.cremations'
        and (cremation.death_date <= $as_of or cremation.cremation_date <= $as_of)
    union all
    select
        link.person_id, link.grade = 'certain' as is_certain, 2 as place,
        population.status_date as death_date
    from linked.person_record as link
    join clean.population as population on population.record_id = link.record_id
    where link.dataset = 'public_security.population'
        and population.person_status = '1'
        and coalesce(population.status_date, $as_of) <= $as_of
),

ranked as (
    select
        person_id, death_date,
        max(case when is_certain and death_date is not null then 1 else 0 end)
            over (partition by person_id) as certain_links,
        row_number() over (
            partition by person_id
            order by
                case when death_date is null then 1 else 0 end, place,
                case when is_certain then 0 else 1 end, death_date desc
        ) as place
    from recorded
)

select person_id, death_date, certain_links = 1 as has_certain_link
from ranked
where place = 1
order by person_id
