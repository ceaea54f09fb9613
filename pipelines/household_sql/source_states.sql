-- How each register stands in the snapshot.
select dataset, state, data_date
from clean.source_status
order by dataset
