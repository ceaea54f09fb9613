-- The numbers by which people typed in may stand in a register: their own, and those that one slip may
-- have turned into theirs.
select id_no from work.subject_row where id_no is not null
union
select id_no from work.repair
