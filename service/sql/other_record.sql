-- One row of another register at its place, as far as it says who it speaks of. {table} is filled in.
select
    mention.role, mention.name_raw,
    coalesce(mention.id_no, mention.id_text) as id_no, mention.id_status as id_no_status, mention.sex, mention.birth_date, mention.address,
    mention.township_code
from clean.{table} as record
join clean.mention_{table} as mention on mention.record_id = record.record_id
where record.business_date = $business_date
    and record.row_no = $row_no
    and record.file_name = $file_name
order by mention.role
