-- Nobody's standing is asked for.
select
    cast(null as varchar) as standing, cast(null as boolean) as is_aided,
    cast(null as integer) as age_band,
    cast(null as bigint) as persons, cast(null as bigint) as having_it,
    cast(null as double) as share
where false
