-- Subjects whom the register does not know: those that share a valid number and agree in name are
-- one person, who has the record_id of the first of them; every other is a person alone.
with alone as (
    select
        subject.subject_id, subject.record_id, subject.case_no, subject.seq, subject.name,
        subject.sex, subject.birth_date, subject.id_text, subject.township_code, subject.address,
        case when disowned.subject_id is null then subject.id_no end as id_no
    from work.subject_row as subject
    left join work.subject_settled as settled on settled.subject_id = subject.subject_id
    left join work.disowned_number as disowned on disowned.subject_id = subject.subject_id
    where settled.subject_id is null
),

ranked as (
    select id_no, name, row_number() over (partition by id_no order by subject_id) as place
    from alone
    where id_no is not null
),

grouped as (
    select
        alone.*,
        case
            when alone.id_no is null then cast(alone.record_id as varchar)
            when alone.name = anchor.name then ''
            when names_agree_code(alone.name, anchor.name) is not null then ''
            else coalesce(alone.name, '?')
        end as name_group
    from alone
    left join ranked as anchor on anchor.id_no = alone.id_no and anchor.place = 1
)

select
    * exclude (name_group),
    first_value(record_id) over one_person as person_id,
    first_value(case_no || '#' || cast(seq as varchar)) over one_person as person_key,
    row_number() over one_person as place
from grouped
window one_person as (partition by id_no, name_group order by subject_id)
