-- Numbers that other registers have for people without a usable number of their own
-- (work.lacking, of whom work.wanting_number knows): one that a slip turned into theirs, under a name that agrees; or one of the same
-- name, birth date and sex (what a row does not say speaks against none); or one that the household's row or a
-- payment of their own case has under their name. Only where the number is one person's and the person
-- has one number.
with number_sex as (
    select digit, case when cast(digit as integer) % 2 = 1 then '1' else '2' end as sex
    from (
        values ('0'), ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9')
    ) as digits (digit)
),

wanted_number as (
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
    join number_sex as sexed on sexed.digit = substr(record.id_no, 17, 1)
    where substr(record.id_no, 7, 8) = strftime(lacking.birth_date, '%Y%m%d')
        and coalesce(lacking.sex, sexed.sex) = sexed.sex
),

case_number as (
    select case_no, applicant_name as name, applicant_id_no as id_no
    from clean.household
    where case_no in (select case_no from work.lacking)
    union
    select case_no, name, id_no
    from clean.payment
    where case_no in (select case_no from work.lacking)
),

same_case as (
    select distinct lacking.record_id, own.id_no
    from work.lacking as lacking
    join case_number as own on own.case_no = lacking.case_no
    join number_sex as sexed on sexed.digit = substr(own.id_no, 17, 1)
    where names_agree_code(lacking.name, own.name) is not null
        and coalesce(strftime(lacking.birth_date, '%Y%m%d'), substr(own.id_no, 7, 8))
        = substr(own.id_no, 7, 8)
        and coalesce(lacking.sex, sexed.sex) = sexed.sex
),

registered as (
    select id_no
    from clean.population
    anti join work.lacking as lacking on lacking.record_id = population.record_id
    where id_no in (
        select id_no from same_number
        union select id_no from same_birth
        union select id_no from same_case
    )
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
    union
    select record_id, id_no, 2 as place
    from same_case
    anti join registered on registered.id_no = same_case.id_no
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
