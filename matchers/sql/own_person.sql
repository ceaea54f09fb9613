-- Persons whom the register does not know, from their own first row; a number that other registers
-- have for them serves where their own cannot be used. Birth date and sex are the number's where the row says none.
with numbered as (
    select own.*, coalesce(own.id_no, adopted.id_no) as usable_no
    from work.own_subject as own
    left join work.adopted_own as adopted on adopted.record_id = own.record_id
    where own.place = 1
)

select
    own.person_id,
    own.person_key,
    own.usable_no as id_no,
    own.name,
    cast(null as varchar) as former_name,
    coalesce(
        own.sex,
        case substr(own.usable_no, 17, 1) in ('1', '3', '5', '7', '9')
            when true then '1' when false then '2'
        end
    ) as sex,
    coalesce(
        own.birth_date,
        try_cast(
            substr(own.usable_no, 7, 4) || '-' || substr(own.usable_no, 11, 2)
            || '-' || substr(own.usable_no, 13, 2) as date
        )
    ) as birth_date,
    cast(null as bigint) as register_record_id,
    cast(null as varchar) as household_no,
    cast(null as varchar) as relation,
    cast(null as varchar) as residence_kind,
    own.township_code,
    cast(null as varchar) as person_status,
    cast(null as date) as status_date,
    1 as place,
    false as is_number_adopted
from numbered as own
order by own.person_id
