-- Persons whom the register does not know, from their own first row; a number that other registers
-- have for them serves where their own cannot be used.
select
    own.person_id,
    own.person_key,
    coalesce(own.id_no, adopted.id_no) as id_no,
    own.name,
    cast(null as varchar) as former_name,
    own.sex,
    own.birth_date,
    cast(null as bigint) as register_record_id,
    cast(null as varchar) as household_no,
    cast(null as varchar) as relation,
    cast(null as varchar) as residence_kind,
    own.township_code,
    cast(null as varchar) as person_status,
    cast(null as date) as status_date,
    1 as place,
    false as is_number_adopted
from work.own_subject as own
left join work.adopted_own as adopted on adopted.record_id = own.record_id
where own.place = 1
order by own.person_id
