-- Which records stand under a number, in which role, with the name they give. Left out is what knows people by
-- itself: the bureau's own books, and the population register (who is in it is not somebody new).
select dataset, role, record_id, name
from shown.clean.mention
where id_no = $id_no
    and not is_set_aside
    and dataset not in (
        'civil_affairs.households', 'civil_affairs.members', 'civil_affairs.applications',
        'public_security.population'
    )
order by record_id, role
