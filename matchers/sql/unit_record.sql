-- Certain records that share name and unit (employer, hospital) with an open one: whose they are.
with wanted as (
    select distinct unit, name from work.open_record where unit is not null
),

kept as (
    select record_id, 'human_resources.contributions ' || employer_no as unit, name
    from clean.contribution
    where id_no is not null
        and name in (select name from wanted)
        and employer_no is not null
    union all
    select record_id, 'medical_insurance.settlements ' || institution as unit, name
    from clean.settlement
    where id_no is not null
        and name in (select name from wanted)
        and institution is not null
)

select distinct kept.unit, kept.name, link.person_id
from kept
join wanted on wanted.unit = kept.unit and wanted.name = kept.name
join linked.person_record as link on link.record_id = kept.record_id and link.grade = 'certain'
