-- A number that another of them bears gives nobody a second person of that number.
delete from work.adopted_own
where id_no in (select id_no from work.own_subject where id_no is not null)
