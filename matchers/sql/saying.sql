-- What open records (work.told) say of a person, each saying once: an employer's slip stands in every month's
-- row, and all of them speak of the same person as far as the saying goes. records is how often it is said, spoken by
-- which records and of which slot. Of a record of which a person decided something it is its own.
-- name_key is the name, of a name of several parts its characters whatever their order and the dot
-- between them.
with decided as (
    select distinct record_id, role from work.excluded_pair
),

grouped as (
    select
        told.dataset, told.role, told.is_set_aside, told.is_for_review, told.name, told.sex,
        told.birth_date, told.id_text, told.township_code, told.address, told.case_no,
        told.unit_no, told.employer_name, told.paper, told.death_date,
        decided.record_id as decided_record_id,
        min(told.record_id) as first_record_id,
        count(*) as records,
        list(told.record_id) as spoken
    from work.told as told
    left join decided on decided.record_id = told.record_id and decided.role = told.role
    group by all
),

numbered as (
    select
        first_record_id, role,
        cast(row_number() over (order by first_record_id, role) as integer) as saying_id
    from grouped
)

select
    numbered.saying_id, grouped.dataset, grouped.role, is_set_aside, is_for_review, name,
    work.name_key(name) as name_key,
    sex, birth_date, id_text,
    try_cast(
        case length(id_text)
            when 18 then
                substr(id_text, 7, 4) || '-' || substr(id_text, 11, 2) || '-' || substr(id_text, 13, 2)
            when 15 then
                '19' || substr(id_text, 7, 2) || '-' || substr(id_text, 9, 2)
                || '-' || substr(id_text, 11, 2)
        end as date
    ) as number_birth_date,
    township_code,
    regexp_replace(address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as address_key,
    case_no, unit_no, dataset || ' ' || unit_no as unit, employer_name, paper, death_date,
    records, spoken
from grouped
join numbered
    on numbered.first_record_id = grouped.first_record_id and numbered.role = grouped.role
