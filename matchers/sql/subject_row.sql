-- The people of cases and applications, one row each, numbered in a fixed order.
with people as (
    select
        'case' as kind, 'civil_affairs.members' as dataset, member.case_no, member.seq,
        member.record_id, member.id_no, 
        case
            when member.id_no_status in ('malformed', 'check_digit', 'date') then member.id_no_text
        end as id_text, member.id_no_raw as id_raw,
        member.id_no_status as id_status, member.name, member.name_raw, member.sex,
        member.birth_date, household.township_code, household.address
    from clean.member as member
    left join clean.household as household on household.case_no = member.case_no
    union all
    select
        'application' as kind, 'civil_affairs.applications' as dataset, application_no as case_no,
        seq, record_id, id_no,
        case
            when id_no_status in ('malformed', 'check_digit', 'date') then id_no_text
        end as id_text,
        id_no_raw as id_raw,
        id_no_status as id_status, name, name_raw, null as sex, null as birth_date, township_code,
        null as address
    from clean.application
)

select row_number() over (order by kind, case_no, seq, record_id) as subject_id, *
from people
