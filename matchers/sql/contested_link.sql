-- A number that two people bear says of neither alone that the record is theirs.
update linked.plain_link
set person_id = null
where person_id in (select person_id from work.contested_person)
