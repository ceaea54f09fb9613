-- Names and damaged numbers of everybody whose own number may turn out not to be usable: rows of the
-- register (work.lacking), and people of cases and applications without one or with one that
-- several of their rows bear.
select name, id_text
from work.lacking
union
select name, id_text
from work.subject_row
where name is not null
    and (
        id_no is null
        or id_no in (select id_no from work.subject_row group by id_no having count(*) > 1)
    )
