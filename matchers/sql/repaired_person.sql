-- Who bears a valid number that a saying's damaged one may stand for. is_plain: under the very name that the
-- saying has, and nothing rules it out. Such a saying is compared with nobody else but those whose number
-- it may be as well: a namesake of another number is some thirty bits behind. Where records are of what one has but
-- once, namesakes are compared all the same: they teach how many have one already (work.slot_share).
with single as (
    select distinct saying_id from work.open_record where slot is not null
)

select
    saying.saying_id, person.person_id,
    single.saying_id is null
    and coalesce(saying.name in (person.name, own.name, person.former_name), false)
    and not contains(saying.name, '?')
    and coalesce(saying.sex = person.sex, true)
    and coalesce(
        extract(year from saying.birth_date) = extract(year from person.birth_date), true
    ) as is_plain
from work.saying as saying
join work.repair as repair on repair.id_text = saying.id_text
join linked.person as person on person.id_no = repair.id_no
left join work.person_own_name as own on own.person_id = person.person_id
left join single on single.saying_id = saying.saying_id
anti join work.ruled_out as ruled_out
    on ruled_out.saying_id = saying.saying_id and ruled_out.person_id = person.person_id
