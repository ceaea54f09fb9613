-- Each application as if it were a case in receipt from the as-of date: what an applicant would be asked if the
-- application were granted today.
with placed as (
    select
        applicant.*,
        row_number() over (
            partition by application_no
            order by case when relation = '01' then 0 else 1 end, seq
        ) as place,
        count(*) over (partition by application_no) as people
    from asked.applicant as applicant
)

select
    -record_id as record_id, business_date, file_name, row_no, remarks,
    application_no as case_no, scheme, name as applicant_name, name_raw as applicant_name_raw,
    id_no as applicant_id_no, id_no_raw as applicant_id_no_raw,
    id_no_text as applicant_id_no_text, id_no_status as applicant_id_no_status, township_code,
    cast(people as integer) as household_size, cast(people as integer) as beneficiary_count,
    applied_date as approved_date, '1' as benefit_status
from placed
where place = 1
order by application_no
