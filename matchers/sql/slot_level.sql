-- Whether each candidate has a record of the slot already: free, taken, or taken_here (in the very
-- unit of the open record, which cannot be twice). What is said without any number in several months is said of
-- one person: whom another unit has in one of them, him it has in all. is_employee: whether the candidate is
-- insured as one (work.standing), where an employer pays.
with levelled as (
    select
        record.open_id, record.saying_id, record.record_id, record.role, pair.person_id, pair.dataset,
        pair.age_band,
        case
            when bool_or(holder.unit = pair.unit) then 'taken_here'
            when count(holder.person_id) > 0 then 'taken'
            else 'free'
        end as level
    from work.open_record as record
    join work.pair as pair on pair.saying_id = record.saying_id
    left join work.slot_holder as holder
        on holder.slot = record.slot and holder.person_id = pair.person_id
    where record.slot is not null
    group by all
),

paid_elsewhere as (
    select distinct levelled.saying_id, levelled.person_id
    from levelled
    join work.saying as saying on saying.saying_id = levelled.saying_id
    where levelled.level = 'taken' and saying.id_text is null
)

select
    levelled.* exclude (level),
    standing.person_id is not null as is_employee,
    case
        when levelled.level = 'free' and elsewhere.saying_id is not null then 'taken'
        else levelled.level
    end as level
from levelled
left join work.standing as standing
    on levelled.dataset = 'human_resources.contributions'
    and standing.standing = 'employee'
    and standing.person_id = levelled.person_id
left join paid_elsewhere as elsewhere
    on elsewhere.saying_id = levelled.saying_id and elsewhere.person_id = levelled.person_id
