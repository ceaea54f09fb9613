-- The records that bear on the households: of everybody concerned, of their units, under their numbers,
-- of the related cases; and the rows that say which months are the district's newest.
select record_id
from (
    select link.record_id
    from {source}.linked.person_record as link
    join asked.everyone as everyone on everyone.person_id = link.person_id
    union
    select property.record_id
    from {source}.clean.property as property
    join asked.unit as unit on unit.unit_no = property.unit_no
    union
    select population.record_id
    from {source}.clean.population as population
    join asked.number as number on number.id_no = population.id_no
    union
    select enrolment.record_id
    from {source}.clean.enrolment as enrolment
    join asked.number as number on number.id_no = enrolment.id_no
    union
    select enrolment.record_id -- tied to nobody, but of a member's name
    from {source}.clean.enrolment as enrolment
    join asked.member_name as named on named.name = enrolment.name
    left join {source}.linked.person_record as link
        on link.record_id = enrolment.record_id and link.dataset = 'medical_insurance.enrolment'
    where link.record_id is null
    union
    select cremation.record_id
    from {source}.clean.cremation as cremation
    join asked.spouse as spouse on spouse.id_no = cremation.id_no
    union
    select payment.record_id
    from {source}.clean.payment as payment
    join asked.related_case as related on related.case_no = payment.case_no
    union
    select record_id from asked.typed_link
    union
    select record_id from {source}.checking.newest_row
) as concerned
order by record_id
