-- linked.plain_link: records with a valid number, with the one person who bears it in the register under
-- their very name. Nobody (null) where the name is another, several bear the number or the register
-- does not know it: these are looked at closer (work.unclear).
with alone as (
    select population.id_no, population.record_id as person_id, population.name
    from clean.population as population
    anti join work.shared_register_row as shared on shared.record_id = population.record_id
    where population.id_no is not null
),

together as (
    select population.id_no, min(shared.person_id) as person_id, min(population.name) as name
    from clean.population as population
    join work.shared_register_row as shared on shared.record_id = population.record_id
    group by population.id_no
    having min(shared.person_id) = max(shared.person_id)
        and min(population.name) = max(population.name)
        and count(population.name) = count(*)
),

known as (
    select id_no, person_id, name from alone
    union all
    select id_no, person_id, name from together
)

select
    mention.record_id, mention.dataset, mention.role, 
    case when known.name = mention.name then known.person_id end as person_id
from clean.mention as mention
left join known on known.id_no = mention.id_no
where mention.id_no is not null
    and not mention.is_set_aside
    and mention.dataset not in (
        'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
    )
