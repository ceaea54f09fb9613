-- Certain links from which the ages of a dataset's people are read: some 200,000 a dataset, for those
-- datasets where an age has to speak for want of a birth date.
with stride as (
    select dataset, 1 + count(*) // 200000 as every
    from linked.person_record
    where grade = 'certain'
    group by dataset
),

wanted as (
    select distinct dataset
    from work.pair
    where name_level = 'same' and birth_level = 'unknown'
)

select link.dataset, link.record_id, link.person_id
from linked.person_record as link
join wanted on wanted.dataset = link.dataset
join stride on stride.dataset = link.dataset
where link.grade = 'certain' and (link.record_id & 16777215) % stride.every = 0
