-- The names that sayings and their candidates stand under where no name of the two is equal, each two
-- once, with how they agree (null: not at all).
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
)

select name, other_name, names_agree_code(name, other_name) as agreement
from unlike
