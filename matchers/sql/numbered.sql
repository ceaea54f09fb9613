-- How many records of each dataset carry a valid number.
select dataset, count(*) as records
from clean.mention
where id_no is not null and not is_set_aside
group by dataset
