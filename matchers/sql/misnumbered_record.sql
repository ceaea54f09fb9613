-- Records whose valid number and name are one person's, and whose name, birth date and sex are another's: their own birth
-- date agrees with the number's neither in the year nor in month and day. One row for each of the two (why), for a person to
-- look at; certain of neither. Only enrolments say a number and a birth date.
with contradicting as (
    select record_id, name, sex, birth_date
    from clean.enrolment
    where id_no is not null
        and name is not null
        and extract(year from birth_date) <> cast(substr(id_no, 7, 4) as integer)
        and strftime(birth_date, '%m%d') <> substr(id_no, 11, 4)
),

borne as (
    select
        link.record_id, link.dataset, link.role, link.person_id, contradicting.name,
        contradicting.sex, contradicting.birth_date
    from contradicting
    join linked.person_record as link on link.record_id = contradicting.record_id
    join linked.person as bearer
        on bearer.person_id = link.person_id
        and bearer.birth_date is distinct from contradicting.birth_date
    anti join work.decided_link as decided
        on decided.record_id = link.record_id and decided.role = link.role
    where link.grade = 'certain' and link.dataset = 'medical_insurance.enrolment'
),

namesake as (
    select
        borne.record_id, borne.dataset, borne.role, borne.person_id,
        other.person_id as namesake_id
    from borne
    join linked.person as other
        on other.name = borne.name
        and other.birth_date = borne.birth_date
        and (other.sex = borne.sex or other.sex is null or borne.sex is null)
        and other.person_id <> borne.person_id
    anti join work.excluded_pair as excluded
        on excluded.record_id = borne.record_id
        and excluded.role = borne.role
        and excluded.person_id = other.person_id
)

select record_id, dataset, role, person_id, 'number_equal_birth_of_another' as why
from namesake
union
select record_id, dataset, role, namesake_id as person_id, 'birth_equal_number_of_another' as why
from namesake
