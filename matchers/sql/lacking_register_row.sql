-- Population rows without a valid number.
select
    record_id, name, former_name, sex, birth_date,
    case
        when id_no_status in ('malformed', 'check_digit', 'date') then id_no_text
    end as id_text,
    cast(null as varchar) as case_no
from clean.population
where id_no is null and name is not null
