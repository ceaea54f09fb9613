-- Datasets, roles and names of which a person decided something.
select distinct dataset, role, record_name as name
from work.decision
