-- No row of a case or an application presumes a standing.
select cast(null as integer) as saying_id, cast(null as bigint) as person_id
where false
