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
),

-- the household's own rows of the big tables, by its number: what is joined below is a handful
subject as (
    select record_id, subject_id, person_id, person_grade
    from {linked}.linked.subject
    where case_no = $case_no
),

person as (
    select person_id, person_key, id_no
    from {linked}.linked.person
    where person_id in (select person_id from subject)
),

counted as (
    select seq, is_authorised, is_certainly_dead, age
    from {judged}.checking.counted_member
    where case_no = $case_no
),

income as (
    select
        seq, wage_state, wage_yuan, pension_yuan, unemployment_yuan, registered_yuan, counted_yuan
    from {judged}.checking.member_income
    where case_no = $case_no
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
left join subject on subject.record_id = stated.record_id
left join person on person.person_id = subject.person_id
left join counted on counted.seq = stated.seq
left join income on income.seq = stated.seq
order by stated.seq
