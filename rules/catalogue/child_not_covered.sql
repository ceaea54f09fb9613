-- Living children under 18 in the register household of the applicant of an active 低保 case (11,
-- 12), who are son, daughter or grandchild (20, 30, 40) of its head and stand in no active case as
-- member of either kind. One row for each such child: the child's register row (of several, that of
-- the first household).
with applicant_household as (
    select
        register.household_no,
        min(active.case_no) as applicant_case_no
    from shared.active_case as active
    join shared.counted_member as applicant
        on applicant.case_no = active.case_no and applicant.seq = active.applicant_seq
    join shared.register_household as register on register.person_id = applicant.person_id
    where active.scheme in ('11', '12')
    group by register.household_no
),
member_person as (
    select subject.person_id
    from linked.subject as subject
    join shared.active_case as active using (case_no)
    where subject.kind = 'case'
    union
    select person_id from shared.listed_person
),
uncovered as (
    select
        child.household_no,
        child.person_id,
        child.record_id,
        population.name_raw as child_name,
        coalesce(person.birth_date, population.birth_date) as child_birth_date,
        applicant_household.applicant_case_no,
        row_number() over (
            partition by child.person_id order by child.household_no, child.record_id
        ) as place
    from applicant_household
    join shared.register_household as child using (household_no)
    join clean.population as population on population.record_id = child.record_id
    join linked.person as person on person.person_id = child.person_id
    where population.relation in ('20', '30', '40')
        and coalesce(person.birth_date, population.birth_date) > $as_of - to_months(216)
        and not exists (
            select 1 from member_person where member_person.person_id = child.person_id
        )
        and not exists (
            select 1
            from shared.death as death
            where death.person_id = child.person_id and death.is_certain
        )
)
select
    household_no,
    person_id,
    record_id,
    true as verify_only,
    child_name,
    child_birth_date,
    applicant_case_no
from uncovered
where place = 1
order by household_no, person_id
