-- A case is no such paper, however many people it has.
select cast(null as varchar) as paper, cast(0 as bigint) as records
where false
