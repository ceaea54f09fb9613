-- The people of one household with what was declared and what was found of their incomes; yuan a month.
with stated as (
    select
        case_no, seq, record_id, name_raw, coalesce(id_no, id_no_text) as id_no, id_no_status,
        id_no as valid_id_no, relation, member_kind, declared_income_yuan, authorised_date,
        'case' as kind
    from {stated}.clean.member
    where case_no = $case_no and $kind = 'case'
    union all
    select
        application_no as case_no, seq, record_id, name_raw, coalesce(id_no, id_no_text) as id_no,
        id_no_status, id_no as valid_id_no, relation, member_kind, declared_income_yuan,
        authorised_date, 'application' as kind
    from {stated}.clean.application
    where application_no = $case_no and $kind = 'application'
)

select
    stated.seq, stated.name_raw, stated.id_no, stated.id_no_status,
    coalesce(stated.valid_id_no, person.id_no) as known_id_no,
    stated.relation, stated.member_kind, stated.declared_income_yuan, stated.authorised_date,
    subject.subject_id, subject.person_id, subject.person_grade, person.person_key,
    coalesce(counted.is_authorised, coalesce(stated.authorised_date <= $as_of, false))
        as is_authorised,
    coalesce(counted.is_certainly_dead, false) as is_certainly_dead,
    counted.age, income.wage_state, income.wage_yuan, income.pension_yuan,
    income.unemployment_yuan, income.registered_yuan, income.counted_yuan
from stated
left join {linked}.linked.subject as subject
    on subject.record_id = stated.record_id and subject.case_no = stated.case_no
left join {linked}.linked.person as person on person.person_id = subject.person_id
left join {judged}.checking.counted_member as counted
    on counted.case_no = stated.case_no and counted.seq = stated.seq
left join {judged}.checking.member_income as income
    on income.case_no = stated.case_no and income.seq = stated.seq
order by stated.seq
