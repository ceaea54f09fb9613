-- People of every age are on assistance.
select cast(null as varchar) as dataset, cast(null as integer) as age_band, cast(null as double) as weight
where false
