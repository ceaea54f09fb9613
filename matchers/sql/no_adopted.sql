-- Nobody lacks a number.
select cast(null as bigint) as record_id, cast(null as varchar) as id_no
where false
