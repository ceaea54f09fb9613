-- The valid numbers, with their names, of all rows but those of the register itself and those that
-- plainly speak of somebody in it.
select id_no, name
from linked.plain_link
where person_id is null and name is not null
union all
select id_no, name
from clean.mention
where (is_set_aside or dataset in ('civil_affairs.members', 'civil_affairs.applications'))
    and id_no is not null
    and name is not null
