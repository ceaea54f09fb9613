-- Records and the persons who bear their number, with how the names agree (null: not at all; two Latin names of which
-- one may be the other mistyped, is_alike, do not agree either: the agreement lists no such slip).
with compared as (
    select name, bearer_name, names_alike_code(name, bearer_name) as code
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
            when compared.code is null or starts_with(compared.code, 'latin_') then null
            when bearer.kind = 'former' then 'former'
            else compared.code
        end
    ) as agreement,
    coalesce(bool_or(starts_with(compared.code, 'latin_')), false) as is_alike
from work.number_differs as record
join work.number_bearer as bearer on bearer.id_no = record.id_no
left join compared on compared.name = record.name and compared.bearer_name = bearer.name
group by all
