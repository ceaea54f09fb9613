-- What a sender is told of: rows set aside or remarked, in the order they came, with the texts delivered under the
-- dictionary's headers (none where a row could not be parsed). The low bits of a record_id are file and row.
with told as (
    select record_id, 'set_aside' as act, [reason] as codes, header
    from read_parquet($aside, hive_partitioning = false)
    union all
    select record_id, 'remark' as act, remarks as codes, cast(null as varchar) as header
    from raw.remarked_row
),

placed as (
    select
        cast((record_id >> 31) & 1023 as integer) as file_no,
        cast(record_id & 2147483647 as integer) as row_no,
        act, codes, header
    from told
)

select
    placed.act, $file_names[placed.file_no + 1] as file_name, placed.row_no, placed.codes,
    placed.header, delivered.* exclude (file_no, row_no)
from placed
left join raw.rows as delivered
    on delivered.file_no = placed.file_no and delivered.row_no = placed.row_no
order by placed.file_no, placed.row_no
