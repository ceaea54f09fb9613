-- The rows of one dataset under a number, with the name they give. {table} and {prefix} are filled in.
select record_id, {prefix}name as name
from {table}
where {prefix}id_no = $id_no
order by record_id
