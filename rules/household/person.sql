-- The people whose records the rules may need to judge these cases ($cases) and register households
-- ($homes): the cases' members and applicants (is_own), who is registered with them or there, and whom
-- they married.
with own as (
    select subject.person_id
    from linked.subject as subject
    where subject.kind = 'case' and subject.case_no in (select unnest($cases))
    union
    select link.person_id
    from clean.household as household
    join linked.person_record as link
        on link.record_id = household.record_id and link.dataset = 'civil_affairs.households'
    where household.case_no in (select unnest($cases))
),

home as (
    select distinct population.household_no
    from own
    join linked.person_record as link
        on link.person_id = own.person_id and link.dataset = 'public_security.population'
    join clean.population as population on population.record_id = link.record_id
    where population.person_status = '0'
    union
    select unnest($homes) as household_no
),

resident as (
    select link.person_id
    from home
    join clean.population as population
        on population.household_no = home.household_no and population.person_status = '0'
    join linked.person_record as link
        on link.record_id = population.record_id and link.dataset = 'public_security.population'
),

spouse as (
    select other.person_id
    from own
    join linked.person_record as link
        on link.person_id = own.person_id and link.dataset = 'civil_affairs.marriages'
    join linked.person_record as other
        on other.record_id = link.record_id and other.dataset = link.dataset
),

everybody as (
    select person_id, true as is_own from own
    union all
    select person_id, false as is_own from resident
    union all
    select person_id, false as is_own from spouse
)

select person_id, bool_or(is_own) as is_own
from everybody
where person_id is not null
group by person_id
order by person_id
