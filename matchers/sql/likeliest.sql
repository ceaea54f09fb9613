-- How probable each open record's likeliest person is, and that it speaks of any of those compared.
with weighed as (
    select
        weighing_id, posterior, place,
        sum(posterior) over (partition by weighing_id) as any_match
    from work.posterior
),

spoken as (
    select weighing_id, unnest(open_ids) as open_id
    from work.weighing
)

select weighed.posterior, weighed.any_match
from weighed
join spoken on spoken.weighing_id = weighed.weighing_id
where weighed.place = 1
order by weighed.posterior, weighed.any_match
