-- How each register stands in the snapshot.
select dataset, state, data_date
from {linked}.clean.source_status
order by dataset
