-- Whether each candidate has a record of the slot already: free, taken, or taken_here (in the very
-- unit of the open record, which cannot be twice). What is said without any number in several months is said of
-- one person: whom another unit has in one of them, him it has in all. is_employee: whether the candidate is
-- insured as one (work.standing), where an employer pays. One row a weighing and candidate.
with paid_elsewhere as (
    select distinct held.saying_id, held.person_id
    from work.slot_held as held
    join work.saying as saying on saying.saying_id = held.saying_id
    where not held.is_here and saying.id_text is null
)

select
    weighing.weighing_id, weighing.saying_id, weighing.records, pair.person_id, pair.dataset,
    pair.age_band, standing.person_id is not null as is_employee,
    case
        when held.is_here then 'taken_here'
        when held.person_id is not null or elsewhere.saying_id is not null then 'taken'
        else 'free'
    end as level
from work.weighing as weighing
join work.pair as pair on pair.saying_id = weighing.saying_id
left join work.slot_held as held
    on held.open_id = weighing.weighing_id and held.person_id = pair.person_id
left join work.standing as standing
    on pair.dataset = 'human_resources.contributions'
    and standing.standing = 'employee'
    and standing.person_id = pair.person_id
left join paid_elsewhere as elsewhere
    on elsewhere.saying_id = weighing.saying_id and elsewhere.person_id = pair.person_id
where weighing.has_slot
