-- The related cases, and each application as if it were a case in receipt from the as-of date: what an
-- applicant would be asked if the application were granted today.
with applicant as (
    select
        application.*,
        row_number() over (
            partition by application.application_no
            order by case when application.relation = '01' then 0 else 1 end, application.seq
        ) as place,
        count(*) over (partition by application.application_no) as people
    from {source}.clean.application as application
    join asked.household as household
        on household.case_no = application.application_no and household.kind = 'application'
),

typed as (
    select
        typed_member.*,
        row_number() over (
            partition by case_no order by case when relation = '01' then 0 else 1 end, seq
        ) as place,
        count(*) over (partition by case_no) as people
    from asked.typed_member as typed_member
)

select household.*
from {source}.clean.household as household
join asked.related_case as related on related.case_no = household.case_no
union all by name
select
    -record_id as record_id, business_date, file_name, row_no, remarks,
    application_no as case_no, scheme, name as applicant_name, name_raw as applicant_name_raw,
    id_no as applicant_id_no, id_no_raw as applicant_id_no_raw,
    id_no_text as applicant_id_no_text, id_no_status as applicant_id_no_status, township_code,
    cast(people as integer) as household_size, cast(people as integer) as beneficiary_count,
    applied_date as approved_date, '1' as benefit_status
from applicant
where place = 1
union all by name
select
    -record_id as record_id, business_date, file_name, row_no, remarks, case_no, scheme,
    name as applicant_name, name_raw as applicant_name_raw, id_no as applicant_id_no,
    id_no_raw as applicant_id_no_raw, id_no_text as applicant_id_no_text,
    id_no_status as applicant_id_no_status, township_code,
    cast(people as integer) as household_size, cast(people as integer) as beneficiary_count,
    business_date as approved_date, '1' as benefit_status
from typed
where place = 1
order by case_no
