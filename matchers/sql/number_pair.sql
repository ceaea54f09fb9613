-- Records and the persons who bear their number, with how the names agree (null: not at all).
with compared as (
    select name, bearer_name, names_agree_code(name, bearer_name) as agreement
    from (
        select distinct record.name, bearer.name as bearer_name
        from work.number_differs as record
        join work.number_bearer as bearer on bearer.id_no = record.id_no
    )
)

select
    record.record_id, record.dataset, record.role, record.is_set_aside, bearer.person_id,
    min(
        case
            when compared.agreement is null then null
            when bearer.kind = 'former' then 'former'
            else compared.agreement
        end
    ) as agreement
from work.number_differs as record
join work.number_bearer as bearer on bearer.id_no = record.id_no
left join compared on compared.name = record.name and compared.bearer_name = bearer.name
group by all
