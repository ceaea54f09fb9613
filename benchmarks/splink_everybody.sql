-- The rows of splink_rows.sql where Splink is asked what ours is: whom of everybody in the register each record
-- speaks of, the rows of cases and applications too.
create temp table subject_row as
select record_id, id_no, name, sex, birth_date, township_code, address
from base.clean.population;

create temp table record_row as
select
    record_id, role, id_no,
    case when id_status in ('malformed', 'check_digit', 'date') then id_text end as id_text,
    name, former_name,
    coalesce(sex, case role when 'husband' then '1' when 'wife' then '2' end) as sex,
    birth_date, township_code, address
from base.clean.mention
where not is_set_aside and dataset <> 'public_security.population';
