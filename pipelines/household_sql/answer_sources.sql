-- For each person and register: how many records are linked, how many are for a person to look at, and
-- whether a row that may be theirs could not be read. Where there is none of these, there is no row.
-- People of one household lie between two ids ($first, $last), which is the cheap way to their rows.
with found as (
    select link.subject_id, link.dataset, count(distinct link.record_id) as records
    from {linked}.linked.subject_record as link
    where link.subject_id between $first and $last
        and link.subject_id in (select unnest($subject_ids))
    group by link.subject_id, link.dataset
),

to_review as (
    select pair.subject_id, pair.dataset, count(distinct pair.record_id) as records
    from {linked}.linked.review_pair as pair
    where pair.subject_id between $first and $last
        and pair.subject_id in (select unnest($subject_ids))
    group by pair.subject_id, pair.dataset
),

unread as (
    select distinct asked.subject_id, unchecked.dataset
    from {linked}.linked.unchecked as unchecked
    join (select unnest($subject_ids) as subject_id, unnest($person_ids) as person_id) as asked
        on asked.person_id = unchecked.person_id
)

select
    subject_id, dataset, max(found) as found, max(to_review) as to_review,
    bool_or(is_unread) as is_unread
from (
    select subject_id, dataset, records as found, 0 as to_review, false as is_unread from found
    union all
    select subject_id, dataset, 0, records, false from to_review
    union all
    select subject_id, dataset, 0, 0, true from unread
) as known
group by subject_id, dataset
order by subject_id, dataset
