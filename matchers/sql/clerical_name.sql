-- Datasets, roles and names of the records that are worth a person's look.
with looked_at as (
    select record_id, dataset, role from linked.review_pair
    union
    select record_id, dataset, role from linked.person_record where grade = 'probable'
)

select distinct mention.dataset, mention.role, mention.name
from clean.mention as mention
join looked_at
    on looked_at.record_id = mention.record_id
    and looked_at.dataset = mention.dataset
    and looked_at.role = mention.role
