-- Adult counted members of an active case who have signed no authorisation (授权书) by the as-of
-- date. Where the age or the date of signing cannot be known, the member is not checked.
with unsigned as (
    select
        counted.*,
        list_contains(member.remarks, 'authorised_date:unreadable') as is_unreadable
    from shared.counted_member as counted
    join clean.member as member on member.record_id = counted.record_id
    where (counted.authorised_date is null or counted.authorised_date > $as_of)
        and (counted.age is null or counted.age >= 18)
)
select
    case_no,
    seq,
    record_id,
    case when is_unreadable or age is null then 'not_checked' else 'found' end as answer,
    case
        when is_unreadable then 'value_unreadable:civil_affairs.members#' || seq
        when age is null then 'age_unknown:' || seq
    end as reason,
    case when authorised_date is null then 'blank' else 'main' end as sentence,
    name_raw as member_name,
    authorised_date
from unsigned
order by case_no, seq
