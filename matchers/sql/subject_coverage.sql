-- Of the subjects with a valid number, the share whom the register knows by it.
select
    subject.dataset,
    greatest(least((count(known.subject_id) + 1.0) / (count(*) + 2.0), 0.9999), 0.0001) as share
from work.subject_row as subject
left join work.subject_by_number as known on known.subject_id = subject.subject_id
where subject.id_no is not null
group by subject.dataset
