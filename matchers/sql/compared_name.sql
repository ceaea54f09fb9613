-- The names that sayings and their candidates stand under where no name of the two is equal, each two
-- once, with how they agree (null: not at all) and how alike they are where they do not (two Latin names of which one
-- may be the other mistyped; null where the model knows no such level).
with unlike as (
    select distinct name, other_name
    from (
        select name, unnest([present_name, former_name, own_name]) as other_name
        from work.compared_pair
        where equal_level is null and present_name is not null
    )
    where other_name is not null and (
        substr(name, 1, 1) = substr(other_name, 1, 1)
        or regexp_matches(name || other_name, '[?·a-z]')
        or length(name) >= 4
    )
),

found as (
    select name, other_name, names_alike_code(name, other_name) as code
    from unlike
)

select
    found.name, found.other_name,
    case when not starts_with(found.code, 'latin_') then found.code end as agreement,
    likeness.level as likeness
from found
left join work.level as likeness
    on likeness.comparison = 'name'
    and likeness.level = found.code
    and starts_with(found.code, 'latin_')
