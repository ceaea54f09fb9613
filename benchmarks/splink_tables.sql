-- What Splink compares: sex and birth date from the number where the row has none, the number a
-- damaged one may stand for where some subject bears it, and of subjects the register's former name
-- and address.
create temp table register as
select id_no, min(former_name) as former_name, min(address) as address
from base.clean.population
where id_no is not null
group by id_no;

create table subject as
select
    subject_row.record_id as unique_id, subject_row.id_no, cast(null as varchar) as repaired_no,
    subject_row.name, register.former_name, reading.reading, substr(subject_row.name, 1, 1) as surname,
    coalesce(
        subject_row.sex,
        case when cast(substr(subject_row.id_no, 17, 1) as integer) % 2 = 1 then '1' else '2' end
    ) as sex,
    coalesce(
        subject_row.birth_date, try_strptime(substr(subject_row.id_no, 7, 8), '%Y%m%d')::date
    ) as birth_date,
    subject_row.township_code,
    regexp_replace(subject_row.address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as address_key,
    regexp_replace(register.address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as register_address
from subject_row
left join register on register.id_no = subject_row.id_no
left join reading on reading.name = subject_row.name;

create temp table mended as
select repaired.id_text, min(repaired.id_no) as repaired_no
from repaired
where repaired.id_no in (select id_no from subject_row)
group by repaired.id_text
having count(distinct repaired.id_no) = 1;

create table record as
select
    case record_row.role when 'wife' then -1 else 1 end * record_row.record_id as unique_id,
    record_row.id_no, mended.repaired_no, record_row.name, record_row.former_name, reading.reading,
    substr(record_row.name, 1, 1) as surname,
    coalesce(
        record_row.sex,
        case when cast(substr(record_row.id_no, 17, 1) as integer) % 2 = 1 then '1'
            when record_row.id_no is not null then '2' end
    ) as sex,
    coalesce(
        record_row.birth_date, try_strptime(substr(record_row.id_no, 7, 8), '%Y%m%d')::date
    ) as birth_date,
    record_row.township_code,
    regexp_replace(record_row.address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as address_key,
    cast(null as varchar) as register_address
from record_row
left join mended on mended.id_text = record_row.id_text
left join reading on reading.name = record_row.name;
