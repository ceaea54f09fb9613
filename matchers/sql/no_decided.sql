-- Nobody decided anything.
select
    cast(null as bigint) as record_id, cast(null as varchar) as dataset,
    cast(null as varchar) as role, cast(null as bigint) as subject_id,
    cast(null as varchar) as verdict
where false
