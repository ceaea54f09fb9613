-- Every title to a unit to which one of these titles ($records) is: all owners make the share.
select record_id
from clean.property
where unit_no in (
    select unit_no
    from clean.property
    where record_id in (select unnest($records))
)
order by record_id
