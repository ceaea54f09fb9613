-- One row of the newest month of payments and one of contributions, none later than the as-of date: by these
-- rules know which months count.
select record_id
from (
    (
        select record_id, paid_month as month
        from clean.payment
        where paid_month <= $as_of
        order by paid_month desc, record_id
        limit 1
    )
    union all
    (
        select record_id, month
        from clean.contribution
        where month <= $as_of
        order by month desc, record_id
        limit 1
    )
) as newest
order by record_id
