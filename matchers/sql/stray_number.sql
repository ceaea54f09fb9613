-- The valid numbers, with their names, of all rows but those of the register itself and those that
-- plainly speak of somebody in it.
select id_no, name
from work.unclear
where name is not null
union all
select id_no, name
from clean.mention
where dataset in ('civil_affairs.members', 'civil_affairs.applications')
    and id_no is not null
    and name is not null
