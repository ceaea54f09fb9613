-- Children and grandchildren (relation 20, 30, 40) in the register households of applicants of active
-- 低保 cases (11, 12), one row for each person: the register row of the first household.
with applicant_household as (
    select register.household_no, min(active.case_no) as applicant_case_no
    from shared.active_case as active
    join shared.register_household as register
        on register.person_id = active.applicant_person_id
    where active.scheme in ('11', '12')
    group by register.household_no
),

member_person as (
    select subject.person_id
    from linked.subject as subject
    join shared.active_case as active on active.case_no = subject.case_no
    where subject.kind = 'case'
    union
    select person_id from shared.listed_person
),

child as (
    select
        register.household_no, register.person_id, register.record_id,
        population.name_raw as child_name,
        coalesce(person.birth_date, population.birth_date) as child_birth_date,
        coalesce(person.birth_date, population.birth_date) > $as_of - to_months(216) as is_minor,
        applicant_household.applicant_case_no, member_person.person_id is not null as is_member,
        death.person_id is not null as is_dead,
        row_number() over (
            partition by register.person_id
            order by
                case
                    when coalesce(person.birth_date, population.birth_date)
                        > $as_of - to_months(216)
                        then 0
                    else 1
                end,
                register.household_no, register.record_id
        ) as place
    from applicant_household
    join shared.register_household as register
        on register.household_no = applicant_household.household_no
    join clean.population as population on population.record_id = register.record_id
    join linked.person as person on person.person_id = register.person_id
    left join member_person on member_person.person_id = register.person_id
    left join shared.death as death on death.person_id = register.person_id and death.is_certain
    where population.relation in ('20', '30', '40')
)

select
    household_no, person_id, record_id, child_name, child_birth_date,
    coalesce(is_minor, false) as is_minor, applicant_case_no, is_member, is_dead
from child
where place = 1
order by household_no, person_id
