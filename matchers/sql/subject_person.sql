-- Every subject with its person.
select subject_id, person_id, grade, score, why
from work.subject_settled
union all
select
    own.subject_id, own.person_id,
    case
        when own.id_no is null and adopted.id_no is not null then 'probable' else 'certain'
    end as grade,
    cast(99 as double) as score,
    'register:none' as why
from work.own_subject as own
left join work.adopted_own as adopted on adopted.record_id = own.record_id
