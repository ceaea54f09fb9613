-- Subjects whose valid number is contradicted (work.contradicted_number) and whom no more than name and birth date
-- tie to the register: a person looks at them. Without doubt it takes the very name, the very day, and their
-- home or their family.
select distinct subject.subject_id
from work.contradicted_number as contradicted
join work.subject_row as subject on subject.subject_id = contradicted.subject_id
join work.open_record as record
    on record.record_id = subject.record_id and record.dataset = subject.dataset
join work.posterior as posterior on posterior.saying_id = record.saying_id and posterior.place = 1
join work.scored_pair as pair
    on pair.saying_id = posterior.saying_id and pair.person_id = posterior.person_id
where not (
    pair.name_level in ('same', 'spacing', 'swapped', 'former')
    and pair.birth_level = 'same'
    and pair.sex_level = 'same'
    and (pair.kin_level = 'same' or pair.address_level = 'same' or pair.township_level = 'same')
)
