-- Subjects without a usable number, or whose number is another's: to be looked up in
-- the population register by the rest of what their row says. One whose valid number the register has
-- for somebody else is looked up for a person to see: valid, different numbers never link.
with kin as (
    select subject.case_no, subject.kind, count(*) as settled
    from work.subject_row as subject
    join work.subject_by_number as known on known.subject_id = subject.subject_id
    group by subject.case_no, subject.kind
)

select
    subject.record_id, subject.dataset, 'member' as role, false as is_set_aside, subject.name,
    case
        when contains(subject.name, '·') or length(subject.name) > 4
            then array_to_string(list_sort(string_split(replace(subject.name, '·', ''), '')), '')
        else subject.name
    end as name_key,
    subject.sex,
    subject.birth_date,
    case when disowned.subject_id is null then subject.id_text end as id_text,
    case
        when disowned.subject_id is null then try_cast(
            case length(subject.id_text)
                when 18 then
                    substr(subject.id_text, 7, 4) || '-' || substr(subject.id_text, 11, 2)
                    || '-' || substr(subject.id_text, 13, 2)
                when 15 then
                    '19' || substr(subject.id_text, 7, 2) || '-' || substr(subject.id_text, 9, 2)
                    || '-' || substr(subject.id_text, 11, 2)
            end as date
        )
    end as number_birth_date,
    subject.township_code,
    regexp_replace(subject.address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as address_key,
    cast(null as varchar) as case_no,
    cast(null as varchar) as unit_no,
    cast(null as varchar) as unit,
    cast(null as varchar) as employer_name,
    case when kin.settled > 0 then subject.kind || ':' || subject.case_no end as paper,
    cast(null as date) as death_date,
    cast(null as varchar) as slot,
    subject.id_no is not null and disowned.subject_id is null as is_for_review
from work.subject_row as subject
left join work.subject_by_number as known on known.subject_id = subject.subject_id
left join work.disowned_number as disowned on disowned.subject_id = subject.subject_id
left join kin on kin.case_no = subject.case_no and kin.kind = subject.kind
where known.subject_id is null
    and (
        subject.id_no is null
        or disowned.subject_id is not null
        or subject.id_no in (select id_no from work.register_row where id_no is not null)
    )
    and subject.name is not null
