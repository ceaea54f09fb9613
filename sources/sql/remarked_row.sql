-- The accepted rows of a delivery that carry remarks.
select record_id, remarks
from read_parquet($rows, hive_partitioning = false)
where len(remarks) > 0
order by record_id
