-- Records whose valid number a person bears, and whose name is not plainly his or hers, or whose number
-- somebody bears whom the register does not know; of set-aside rows all whose number a person bears.
with unclear as (
    select record_id, dataset, role, is_set_aside, id_no, name
    from work.unclear
    union all
    select
        link.record_id, link.dataset, link.role, false as is_set_aside, contested.id_no,
        contested.name
    from linked.plain_link as link
    join work.contested_person as contested on contested.person_id = link.person_id
),

borne as (
    select id_no from work.borne_number
    union all
    select id_no from linked.other_person where register_record_id is null
),

known as (
    select id_no, count(*) as bearers
    from borne
    where id_no in (select id_no from unclear)
    group by id_no
)

select
    unclear.record_id, unclear.dataset, unclear.role, unclear.is_set_aside, unclear.id_no,
    unclear.name
from unclear
join known on known.id_no = unclear.id_no
where known.bearers <= $block_cap
