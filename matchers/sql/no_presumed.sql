-- A row of a case or an application presumes nothing of a person's standing.
select
    cast(null as integer) as open_id, cast(null as integer) as saying_id,
    cast(null as varchar) as dataset, cast(null as varchar) as standing,
    cast(null as varchar) as cell
where false
