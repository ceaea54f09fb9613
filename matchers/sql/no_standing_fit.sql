-- Nobody's standing is asked for.
select
    cast(null as varchar) as standing, cast(null as varchar) as cell,
    cast(null as boolean) as is_aided, cast(null as bigint) as records, cast(null as bigint) as having_it
where false
