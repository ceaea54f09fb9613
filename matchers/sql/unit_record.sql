-- Certain records that share name and unit with an open one, and whose they are: other months at
-- the employer (or the employees' insurance that it pays), other bills of the hospital.
with wanted as (
    select distinct unit, employer_name, name from work.open_record where unit is not null
),

kept as (
    select
        record_id, 'human_resources.contributions ' || employer_no as unit, name
    from clean.contribution
    where id_no is not null
        and name in (select name from wanted)
    union all
    select record_id, 'medical_insurance.settlements ' || institution as unit, name
    from clean.settlement
    where id_no is not null
        and name in (select name from wanted)
    union all
    select enrolment.record_id, wanted.unit, enrolment.name
    from clean.enrolment as enrolment
    join wanted on wanted.name = enrolment.name and wanted.employer_name = enrolment.employer_name
    where enrolment.id_no is not null
)

select distinct kept.unit, kept.name, link.person_id
from kept
join wanted on wanted.unit = kept.unit and wanted.name = kept.name
join linked.person_record as link on link.record_id = kept.record_id and link.grade = 'certain'
