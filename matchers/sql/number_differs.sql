-- Records whose valid number a person bears, and whose name is not plainly his or hers.
select
    mention.record_id, mention.dataset, mention.role, mention.is_set_aside, mention.id_no,
    mention.name
from clean.mention as mention
join work.known_number as known on known.id_no = mention.id_no
where (mention.is_set_aside or mention.name is distinct from known.name)
    and known.bearers <= $block_cap
    and (
        mention.is_set_aside
        or mention.dataset not in (
            'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
        )
    )
