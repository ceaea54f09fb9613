-- Subjects whose valid number the register knows under a name (present or former) that agrees.
with pair as (
    select distinct
        subject.subject_id, subject.name, register.person_id,
        register.name as register_name, register.former_name
    from work.subject_row as subject
    join linked.register_row as register on register.id_no = subject.id_no
    where subject.id_no not in (
        select id_no from work.shared_number where bearing_rows > $block_cap
    )
)

select subject_id, min(person_id) as person_id
from pair
where name = register_name
    or name = former_name
    or names_agree_code(name, register_name) is not null
    or names_agree_code(name, former_name) is not null
group by subject_id
having count(distinct person_id) = 1
