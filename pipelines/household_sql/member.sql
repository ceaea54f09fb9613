-- The people of the related cases, and those of applications as if they were members: everybody who would
-- live in the household (成员类别 1) would benefit.
select member.*
from {source}.clean.member as member
join asked.related_case as related on related.case_no = member.case_no
union all by name
select
    application.record_id, application.business_date, application.file_name, application.row_no,
    application.remarks, application.application_no as case_no, application.seq, application.name,
    application.name_raw, application.id_no, application.id_no_raw, application.id_no_text,
    application.id_no_status, application.relation, application.member_kind,
    application.member_kind = '1' as is_beneficiary, application.disability_level,
    application.is_seriously_ill, application.labour, application.declared_income_yuan,
    application.authorised_date
from {source}.clean.application as application
join asked.household as household
    on household.case_no = application.application_no and household.kind = 'application'
union all by name
select
    record_id, business_date, file_name, row_no, remarks, case_no, seq, name, name_raw, id_no,
    id_no_raw, id_no_text, id_no_status, relation, member_kind, member_kind = '1' as is_beneficiary,
    declared_income_yuan, authorised_date
from asked.typed_member
order by case_no, seq
