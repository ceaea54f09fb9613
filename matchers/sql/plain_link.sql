-- linked.plain_link: records whose valid number somebody bears, with the one person who bears it under
-- their very name. Nobody (null) where the name is another or several bear the number: these are
-- looked at closer (work.number_differs).
select
    mention.record_id, mention.dataset, mention.role,
    case when known.name = mention.name then known.person_id end as person_id
from clean.mention as mention
join work.known_number as known on known.id_no = mention.id_no
where not mention.is_set_aside
    and mention.dataset not in (
        'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
    )
