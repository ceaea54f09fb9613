-- Death records against persons drawn at random: how often the register would show that death, another
-- one, or somebody alive.
with died as (
    select saying.death_date
    from work.open_record as record
    join work.saying as saying on saying.saying_id = record.saying_id
    where saying.death_date is not null
    order by hash(record.record_id, $seed), record.record_id
    limit 200
),

person as (
    select person_status, status_date
    from linked.person
    where person_status is not null
    order by hash(person_id, $seed), person_id
    limit 5000
)

select
    case
        when person_status = '1'
            and status_date between death_date - interval 60 day and death_date + interval 120 day
            then 'same'
        when person_status = '1' and status_date is not null then 'differs'
        else 'alive'
    end as level,
    count(*) as pairs
from died
cross join person
group by level
order by level
