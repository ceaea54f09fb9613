-- The units of which somebody of the households is an owner: all owners make the share.
select distinct property.unit_no
from asked.person as person
join {source}.linked.person_record as link
    on link.person_id = person.person_id and link.dataset = 'housing.properties'
join {source}.clean.property as property on property.record_id = link.record_id
order by property.unit_no
