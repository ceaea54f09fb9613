-- Of a case a person may be a member more than once.
select
    cast(null as varchar) as slot, cast(null as varchar) as unit, cast(null as bigint) as person_id
where false
