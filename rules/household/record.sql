-- The records that the rules may read of these people ($persons) and cases ($cases; $near: the other
-- cases of these people as well). Besides their own: every owner's title to a unit of theirs (shares
-- depend on their number), register rows and enrolments under the members' numbers, enrolments under
-- their names that were tied to nobody, cremations under the spouses' numbers, and one row each of the
-- newest months (wages and payments are as at those).
with linked_record as (
    select distinct record_id
    from linked.person_record
    where person_id in (select unnest($persons))
),

numbers as (
    select distinct id_no
    from clean.member
    where case_no in (select unnest($cases)) and id_no is not null
),

named as (
    select distinct name
    from clean.member
    where case_no in (select unnest($cases)) and name is not null
),

unit as (
    select distinct property.unit_no
    from linked_record
    join clean.property as property on property.record_id = linked_record.record_id
),

spouse_number as (
    select marriage.husband_id_no as id_no
    from linked_record
    join clean.marriage as marriage on marriage.record_id = linked_record.record_id
    union
    select marriage.wife_id_no as id_no
    from linked_record
    join clean.marriage as marriage on marriage.record_id = linked_record.record_id
)

select record_id from linked_record
union
select property.record_id
from unit
join clean.property as property on property.unit_no = unit.unit_no
union
select population.record_id
from numbers
join clean.population as population on population.id_no = numbers.id_no
union
select enrolment.record_id
from numbers
join clean.enrolment as enrolment on enrolment.id_no = numbers.id_no
union
select enrolment.record_id
from named
join clean.enrolment as enrolment on enrolment.name = named.name
left join linked.person_record as link
    on link.record_id = enrolment.record_id and link.dataset = 'medical_insurance.enrolment'
where link.record_id is null
union
select cremation.record_id
from spouse_number
join clean.cremation as cremation on cremation.id_no = spouse_number.id_no
union
select record_id from clean.household where case_no in (select unnest($near))
union
select record_id from clean.member where case_no in (select unnest($near))
union
select record_id from clean.payment where case_no in (select unnest($near))
union
select min(record_id)
from clean.contribution
where month = (select max(month) from clean.contribution where month <= $as_of)
union
select min(record_id)
from clean.payment
where paid_month = (select max(paid_month) from clean.payment where paid_month <= $as_of)
order by record_id
