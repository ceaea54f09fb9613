-- The valid numbers, with their names, of the rows in question.
select id_no, name
from clean.mention
where id_no is not null and name is not null
