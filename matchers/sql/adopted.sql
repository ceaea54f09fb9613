-- Numbers that other registers have for people without a usable number of their own
-- (work.lacking, of whom work.wanting_number knows): one that a slip turned into theirs, under a name that agrees; or one of the same
-- name, birth date and sex. Only where the number is one person's and the person has one number.
with wanted_number as (
    select lacking.record_id, lacking.name, lacking.former_name, repair.id_no
    from work.lacking as lacking
    join work.repair as repair on repair.id_text = lacking.id_text
),

same_number as (
    select distinct
        wanted.record_id, wanted.id_no, wanted.name, wanted.former_name,
        record.name as borne_name
    from work.adoptable as record
    join wanted_number as wanted on wanted.id_no = record.id_no
),

same_birth as (
    select distinct lacking.record_id, record.id_no
    from work.adoptable as record
    join work.lacking as lacking on lacking.name = record.name
    where substr(record.id_no, 7, 8) = strftime(lacking.birth_date, '%Y%m%d')
        and lacking.sex = case
            when substr(record.id_no, 17, 1) in ('1', '3', '5', '7', '9') then '1' else '2'
        end
),

registered as (
    select id_no
    from clean.population
    anti join work.lacking as lacking on lacking.record_id = population.record_id
    where id_no in (select id_no from same_number union select id_no from same_birth)
),

found as (
    select record_id, id_no, 1 as place
    from same_number
    anti join registered on registered.id_no = same_number.id_no
    where name = borne_name
        or names_agree_code(name, borne_name) is not null
        or names_agree_code(former_name, borne_name) is not null
    union
    select record_id, id_no, 2 as place
    from same_birth
    anti join registered on registered.id_no = same_birth.id_no
),

ranked as (
    select record_id, id_no, place, min(place) over (partition by record_id) as best_place
    from found
),

one_number as (
    select record_id, min(id_no) as id_no
    from ranked
    where place = best_place
    group by record_id
    having count(distinct id_no) = 1
)

select min(record_id) as record_id, id_no
from one_number
group by id_no
having count(*) = 1
