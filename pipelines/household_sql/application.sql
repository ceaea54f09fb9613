-- The rows of the asked-for applications, at their places: evidence about an applicant's own row is there.
select application.*
from {source}.clean.application as application
join asked.household as household
    on household.case_no = application.application_no and household.kind = 'application'
union all by name
select
    record_id, business_date, file_name, row_no, remarks, case_no as application_no, scheme,
    business_date as applied_date, township_code, seq, name, name_raw, id_no, id_no_raw, id_no_text,
    id_no_status, relation, member_kind, declared_income_yuan, authorised_date
from asked.typed_member
order by application_no, seq
