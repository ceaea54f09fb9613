-- Everybody on assistance is a subject tonight.
select cast(null as varchar) as id_no
where false
