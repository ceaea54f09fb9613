-- Certain links of the plainest kind: equal valid numbers of one person and equal names.
select
    mention.record_id, mention.dataset, mention.role, known.person_id,
    'certain' as grade, cast(99 as double) as score, 'number:equal name:same' as why
from clean.mention as mention
join work.known_number as known on known.id_no = mention.id_no and known.name = mention.name
where not mention.is_set_aside
    and mention.dataset not in (
        'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
    )
