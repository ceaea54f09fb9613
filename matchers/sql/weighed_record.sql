-- linked.weighed_record: which record was weighed with which (the first of them, of the same role), where
-- anybody was compared at all.
with compared as (
    select weighing.weighing_id, unnest(weighing.open_ids) as open_id
    from work.weighing as weighing
    semi join work.posterior as posterior on posterior.weighing_id = weighing.weighing_id
)

select record.record_id, record.role, first.record_id as first_record_id
from compared
join work.open_record as record on record.open_id = compared.open_id
join work.open_record as first on first.open_id = compared.weighing_id
