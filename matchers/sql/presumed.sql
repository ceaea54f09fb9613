-- What an open record that says neither number nor birth date presumes of whom it speaks: whoever an
-- employer pays for is insured as an employee (standing `employee`); medical assistance is paid for those on
-- assistance (`aided`). cell: the records that are alike in this (standing_fit.sql).
with bare as (
    select record.open_id, record.record_id, record.saying_id, record.dataset
    from work.open_record as record
    join work.saying as saying on saying.saying_id = record.saying_id
    where saying.id_text is null and saying.birth_date is null
)

select
    bare.open_id, bare.saying_id, bare.dataset, 'employee' as standing,
    paid.insurance || ' ' || paid.insured_as as cell
from bare
join clean.contribution as paid on paid.record_id = bare.record_id
where bare.dataset = 'human_resources.contributions'
union all
select
    bare.open_id, bare.saying_id, bare.dataset, 'aided' as standing,
    case when coalesce(bill.assistance_yuan, 0) <> 0 then 'assisted' else 'not assisted' end as cell
from bare
join clean.settlement as bill on bill.record_id = bare.record_id
where bare.dataset = 'medical_insurance.settlements'
union all
select
    open_id, saying_id, dataset, 'pensioned' as standing, 'pension' as cell
from bare
where dataset = 'human_resources.pensions'
