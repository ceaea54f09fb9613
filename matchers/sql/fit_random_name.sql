-- Names of two people drawn at random, of one first character (a surname, nearly always): how often
-- they would agree by chance. kind: what the record's name has in it (nothing odd, a wildcard, latin).
with written as (
    select distinct
        name,
        case
            when contains(name, '?') then 'wildcard'
            when regexp_matches(name, '[a-z]') then 'latin'
            else 'plain'
        end as kind
    from work.saying
    where name is not null
),

drawn as (
    select name, kind
    from written
    qualify row_number() over (partition by kind order by hash(name, $seed), name) <= $names
),

person as (
    select
        person_id, name, substr(name, 1, 1) as surname,
        row_number() over (
            partition by substr(name, 1, 1) order by hash(person_id, $seed), person_id
        ) as place
    from linked.person
    where name is not null
),

met as (
    select drawn.name, drawn.kind, person.name as other_name, count(*) as pairs
    from drawn
    join person on person.surname = substr(drawn.name, 1, 1) and person.place <= $persons
    where drawn.name <> person.name
    group by all
),

compared as (
    select kind, coalesce(names_agree_code(name, other_name), 'different') as level, pairs
    from met
)

select kind, level, sum(pairs) as pairs
from compared
group by kind, level
order by kind, level
