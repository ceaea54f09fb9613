-- Whom records name: each as the record writes the name, by the numbers that the record and the linking have, and,
-- where there is none, by the place under which the person is known. The mentions are filled in.
with mention as (
    {mentions}
),

tied as (
    select link.record_id, link.role, link.person_id, cast(null as varchar) as place
    from linked.person_record as link
    join mention on mention.record_id = link.record_id and mention.role = link.role
    union all
    select
        subject.record_id, mention.role, subject.person_id,
        subject.case_no || '#' || cast(subject.seq as varchar) as place
    from linked.subject as subject
    join mention on mention.record_id = subject.record_id
)

select
    mention.record_id, mention.role, mention.name_raw, mention.id_no,
    case when person.id_no is distinct from mention.id_no then person.id_no end as known_id_no,
    case
        when coalesce(mention.id_no, person.id_no) is null
            then coalesce(tied.place, person.person_key, mention.place)
    end as place
from mention
left join tied on tied.record_id = mention.record_id and tied.role = mention.role
left join linked.person as person on person.person_id = tied.person_id
order by mention.record_id, mention.role, tied.place
