-- Records whose valid number a person bears, and whose name is not plainly his or hers; of set-aside
-- rows all whose number a person bears.
with unclear as (
    select record_id, role
    from linked.plain_link
    where person_id is null
),

spoken as (
    select record_id, dataset, role, is_set_aside, id_no, name
    from clean.mention
    where not is_set_aside and record_id in (select record_id from unclear)
),

sought as (
    select spoken.*
    from spoken
    join unclear on unclear.record_id = spoken.record_id and unclear.role = spoken.role
    union all
    select record_id, dataset, role, is_set_aside, id_no, name
    from clean.mention
    where is_set_aside
)

select
    sought.record_id, sought.dataset, sought.role, sought.is_set_aside, sought.id_no, sought.name
from sought
join work.known_number as known on known.id_no = sought.id_no
where known.bearers <= $block_cap
