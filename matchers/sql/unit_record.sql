-- Certain records that share name and unit with an open one, and whose they are: other months at
-- the employer (or the employees' insurance that it pays), other bills of the hospital.
with wanted as (
    select distinct dataset, unit_no, unit, employer_name, name
    from work.saying
    where unit is not null
),

kept as (
    select
        record.record_id, 'human_resources.contributions ' || record.employer_no as unit, record.name
    from clean.contribution as record
    semi join wanted
        on wanted.dataset = 'human_resources.contributions'
        and wanted.unit_no = record.employer_no
        and wanted.name = record.name
    where record.id_no is not null
    union all
    select
        record.record_id, 'medical_insurance.settlements ' || record.institution as unit, record.name
    from clean.settlement as record
    semi join wanted
        on wanted.dataset = 'medical_insurance.settlements'
        and wanted.unit_no = record.institution
        and wanted.name = record.name
    where record.id_no is not null
    union all
    select enrolment.record_id, wanted.unit, enrolment.name
    from clean.enrolment as enrolment
    join wanted on wanted.name = enrolment.name and wanted.employer_name = enrolment.employer_name
    where enrolment.id_no is not null
)

select distinct kept.unit, kept.name, link.person_id
from kept
join linked.person_record as link on link.record_id = kept.record_id and link.grade = 'certain'
