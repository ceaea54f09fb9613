-- Records with a valid number that nobody plainly bears, and all set-aside rows with one.
with nobody as (
    select record_id, role
    from linked.plain_link
    where person_id is null
),

spoken as (
    select record_id, dataset, role, is_set_aside, id_no, name
    from clean.mention
    where not is_set_aside
        and dataset not in (
            'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
        )
        and record_id in (select record_id from nobody)
)

select spoken.*
from spoken
join nobody on nobody.record_id = spoken.record_id and nobody.role = spoken.role
union all
select record_id, dataset, role, is_set_aside, id_no, name
from clean.mention
where is_set_aside and id_no is not null
