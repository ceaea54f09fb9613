-- How many records of each dataset carry a valid number: each of the other registers' has a row in
-- linked.plain_link, whether its person is found or not.
select cast(dataset as varchar) as dataset, count(*) as records
from linked.plain_link
group by dataset
union all
select dataset, count(*) as records
from clean.mention
where dataset in (
        'public_security.population', 'civil_affairs.members', 'civil_affairs.applications'
    )
    and id_no is not null
    and not is_set_aside
group by dataset
