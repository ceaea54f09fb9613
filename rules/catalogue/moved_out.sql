-- A beneficiary's population row has RYZT 2 with QWD outside the district, or RYZT 3; not for those at
-- school, nor where the person also has a row with RYZT 0. Without a readable QWD, or where 在校标志 could not be read,
-- nobody can tell.
with registered as (
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade as link_grade,
        population.name_raw as recorded_name, population.person_status, population.status_date,
        case
            when regexp_matches(population.moved_to, '^[0-9]{6}')
                and substr(population.moved_to, 1, 6) <> '000000'
                then population.moved_to
        end as moved_to,
        max(case when population.person_status = '0' then 1 else 0 end)
            over (partition by link.case_no, link.seq) as has_present_row
    from shared.counted_link as link
    join clean.population as population on population.record_id = link.record_id
    where link.dataset = 'public_security.population' and link.is_beneficiary
),

away as (
    select
        registered.*, substr(household.township_code, 1, 6) as division,
        list_contains(member.remarks, 'is_in_school:unreadable') as is_school_unread
    from registered
    join clean.household as household on household.case_no = registered.case_no
    join clean.member as member
        on member.case_no = registered.case_no and member.seq = registered.seq
    where registered.person_status in ('2', '3')
        and registered.has_present_row = 0
        and not coalesce(member.is_in_school, false)
)

select
    case_no, seq, record_id, role, link_grade, recorded_name, person_status, status_date, moved_to,
    person_status = '2' as verify_only,
    case when person_status = '3' then 'abroad' else 'moved' end as sentence,
    case
        when is_school_unread or (person_status = '2' and moved_to is null) then 'not_checked'
        else 'found'
    end as answer,
    case
        when person_status = '2' and moved_to is null
            then 'moved_to_unknown:' || cast(seq as varchar)
        when is_school_unread
            then 'value_unreadable:civil_affairs.members#' || cast(seq as varchar)
    end as reason
from away
where person_status = '3' or moved_to is null or substr(moved_to, 1, 6) <> division
order by case_no, seq, record_id, role
