-- A case names no employer and no hospital.
select cast(null as varchar) as unit, cast(null as varchar) as name, cast(null as bigint) as person_id
where false
