-- The other party on every marriage record of those people: the person, and the number it carries.
select
    other.person_id,
    case when own.role = 'husband' then marriage.wife_id_no else marriage.husband_id_no end
        as id_no
from asked.person as person
join {source}.linked.person_record as own
    on own.person_id = person.person_id and own.dataset = 'civil_affairs.marriages'
join {source}.clean.marriage as marriage on marriage.record_id = own.record_id
left join {source}.linked.person_record as other
    on other.record_id = own.record_id
    and other.dataset = 'civil_affairs.marriages'
    and other.role <> own.role
order by other.person_id, id_no
