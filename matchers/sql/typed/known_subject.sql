-- Everybody settled by number, of the district and typed in, under the name of their own row; the typed-in
-- ones are told apart by ids below 0.
select subject_id, person_id, name from work.district_subject
union all
select -known.subject_id as subject_id, known.person_id, subject.name
from work.subject_by_number as known
join work.subject_row as subject on subject.subject_id = known.subject_id
