-- Of the records of each dataset that carry a valid number, the share whose number a person bears:
-- how likely it is that a record without one speaks of anybody known.
with borne as (
    select dataset, count(*) as records
    from linked.person_record
    where grade = 'certain'
    group by dataset
)

select
    numbered.dataset,
    greatest(
        least((coalesce(borne.records, 0) + 1.0) / (numbered.records + 2.0), 0.9999), 0.0001
    ) as share
from work.numbered as numbered
left join borne on borne.dataset = numbered.dataset
