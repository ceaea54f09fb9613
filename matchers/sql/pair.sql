-- Each candidate pair whose names agree, or are alike where no name of the two agrees, as the levels of its
-- comparisons: what an open record says (work.saying) and a person.
with agreeing as (
    select
        compared.saying_id, compared.person_id,
        case
            when present.agreement is not null then compared.present_name
            when own.agreement is not null then compared.own_name
            when former.agreement is not null then compared.former_name
            when present.likeness is not null then compared.present_name
            else compared.own_name
        end as person_name,
        coalesce(
            present.agreement, own.agreement,
            case when former.agreement is not null then 'former_' || former.agreement end,
            present.likeness, own.likeness
        ) as name_level
    from work.compared_pair as compared
    left join work.compared_name as present
        on present.name = compared.name and present.other_name = compared.present_name
    left join work.compared_name as own
        on own.name = compared.name and own.other_name = compared.own_name
    left join work.compared_name as former
        on former.name = compared.name and former.other_name = compared.former_name
    where compared.equal_level is null
        and coalesce(
            present.agreement, own.agreement, former.agreement, present.likeness, own.likeness
        ) is not null
)

select
    compared.* exclude (present_name, own_name, former_name, equal_level),
    case
        when compared.equal_level is null then agreeing.person_name else compared.name
    end as person_name,
    coalesce(compared.equal_level, agreeing.name_level) as name_level
from work.compared_pair as compared
left join agreeing
    on agreeing.saying_id = compared.saying_id and agreeing.person_id = compared.person_id
where compared.equal_level is not null or agreeing.saying_id is not null
