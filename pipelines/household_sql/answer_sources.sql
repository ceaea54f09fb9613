-- For each person and register: how many records are linked, how many are for a person to look at, and
-- whether a row that may be theirs could not be read. Registers not in force give no rows here.
with asked as (
    select unnest($subject_ids) as subject_id, unnest($person_ids) as person_id
),

found as (
    select link.subject_id, link.dataset, count(distinct link.record_id) as records
    from {linked}.linked.subject_record as link
    where link.subject_id in (select subject_id from asked)
    group by link.subject_id, link.dataset
),

to_review as (
    select pair.subject_id, pair.dataset, count(distinct pair.record_id) as records
    from {linked}.linked.review_pair as pair
    where pair.subject_id in (select subject_id from asked)
    group by pair.subject_id, pair.dataset
),

unread as (
    select distinct asked.subject_id, unchecked.dataset
    from {linked}.linked.unchecked as unchecked
    join asked on asked.person_id = unchecked.person_id
)

select
    asked.subject_id, status.dataset, coalesce(found.records, 0) as found,
    coalesce(to_review.records, 0) as to_review, unread.subject_id is not null as is_unread
from asked
cross join {linked}.clean.source_status as status
left join found on found.subject_id = asked.subject_id and found.dataset = status.dataset
left join to_review
    on to_review.subject_id = asked.subject_id and to_review.dataset = status.dataset
left join unread on unread.subject_id = asked.subject_id and unread.dataset = status.dataset
order by asked.subject_id, status.dataset
