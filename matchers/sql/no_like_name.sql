-- work.like_name where no two Latin names are alike.
select cast(null as varchar) as name, cast(null as varchar) as level, cast(null as double) as expected_bearers
where false
