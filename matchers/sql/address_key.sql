-- Each address that the register or a case has, with its letters and digits alone.
with written as (
    select address from clean.population
    union
    select address from work.subject_row
)

select
    address,
    regexp_replace(address, '[^0-9A-Za-z\x{4e00}-\x{9fff}]', '', 'g') as address_key
from written
where address is not null
