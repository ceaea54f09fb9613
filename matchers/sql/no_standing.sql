-- No row of a case or an application asks for anybody's standing.
select cast(null as bigint) as person_id, cast(null as varchar) as standing
where false
