-- Nobody's pension is asked for.
select
    cast(null as integer) as open_id, cast(null as bigint) as person_id,
    cast(null as double) as weight
where false
