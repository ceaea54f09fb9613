-- Who each typed-in person is. Whom no register of people knows is a person alone, by their own number or
-- by one that other registers have for them; without any, nobody.
select subject.seq, settled.person_id, settled.grade, settled.why, cast(null as varchar) as id_no
from work.subject_settled as settled
join work.subject_row as subject on subject.subject_id = settled.subject_id
union all
select
    own.seq,
    case when coalesce(own.id_no, adopted.id_no) is not null then own.person_id end as person_id,
    case
        when own.id_no is not null then 'certain'
        when adopted.id_no is not null then 'probable'
        else 'none'
    end as grade,
    'register:none' as why,
    coalesce(own.id_no, adopted.id_no) as id_no
from work.own_subject as own
left join work.adopted_own as adopted on adopted.record_id = own.person_id
order by seq
