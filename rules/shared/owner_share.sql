-- Every in-force title (权属状态 1, 2) to a home or to business property, with the owner's share of the
-- unit: 单独所有 1; 共同共有 1/n of the n registered owners; 按份共有 its 份额, blank: 1/n. An owner who
-- appears twice in one unit counts once among the n. Where the share could not be read, is no part of a whole (25
-- for a quarter), or the tenure is not said, 1/n stands in and is not known (is_share_known).
with titled as (
    select
        property.record_id, property.unit_no, property.house_use, property.area_m2,
        property.tenure, link.person_id, link.grade,
        case when property.owner_share between 0 and 1 then property.owner_share end as owner_share,
        property.owner_share is null
        and not list_contains(property.remarks, 'owner_share:unreadable') as is_share_blank,
        coalesce(
            'P' || cast(link.person_id as varchar), property.id_no,
            coalesce(property.id_no_text, '') || '/' || coalesce(property.name, property.name_raw)
        ) as owner
    from clean.property as property
    left join linked.person_record as link
        on link.record_id = property.record_id and link.dataset = 'housing.properties'
    where property.title_status in ('1', '2')
        and property.house_use in ('10', '11', '20', '30', '40')
),

owners as (
    select unit_no, count(distinct owner) as owners
    from titled
    group by unit_no
)

select
    titled.record_id, titled.unit_no, titled.house_use, titled.area_m2, titled.tenure,
    titled.person_id, titled.grade, owners.owners,
    case
        when titled.tenure = '0' then cast(1 as double)
        when titled.tenure = '2' and titled.owner_share is not null
            then cast(titled.owner_share as double)
        else cast(1 as double) / owners.owners
    end as share,
    owners.owners = 1
    or titled.tenure in ('0', '1')
    or (titled.tenure = '2' and (titled.owner_share is not null or titled.is_share_blank))
        as is_share_known
from titled
join owners on owners.unit_no = titled.unit_no
order by titled.unit_no, titled.record_id
