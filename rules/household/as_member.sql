-- The people of applications as if they were members: everybody who would live in the household (成员类别 1)
-- would benefit.
select
    record_id, business_date, file_name, row_no, remarks, application_no as case_no, seq, name,
    name_raw, id_no, id_no_raw, id_no_text, id_no_status, relation, member_kind,
    member_kind = '1' as is_beneficiary, disability_level, is_seriously_ill, labour,
    declared_income_yuan, authorised_date
from asked.applicant
order by application_no, seq
