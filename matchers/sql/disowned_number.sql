-- Subjects who carry a number that the register knows to be another's who is on assistance
-- (work.district_subject), or of another of these: their own is unknown.
with settled as (
    select id_no from work.district_subject
    union
    select subject.id_no
    from work.subject_row as subject
    join work.subject_by_number as known on known.subject_id = subject.subject_id
)

select subject.subject_id
from work.subject_row as subject
join settled on settled.id_no = subject.id_no
left join work.subject_by_number as known on known.subject_id = subject.subject_id
where known.subject_id is null
