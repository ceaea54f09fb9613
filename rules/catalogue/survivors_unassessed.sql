-- Stopped cases (停发) whose 停发月份 is 0 to 3 months after the month of the applicant's death, on a
-- certain link, with living counted members who are in no active case. The applicant is the person
-- the household row names; where nobody is linked to that row, the counted member who is 本人 (01).
-- Rows: the household's, and each record of the death.
with stopped as (
    select
        household.case_no,
        household.record_id,
        household.stop_month,
        coalesce(link.person_id, subject.person_id) as applicant_id,
        coalesce(link.grade, subject.person_grade) as applicant_grade
    from clean.household as household
    left join linked.person_record as link
        on link.record_id = household.record_id and link.dataset = 'civil_affairs.households'
    left join clean.member as applicant
        on applicant.case_no = household.case_no
        and applicant.relation = '01'
        and applicant.member_kind = '1'
    left join linked.subject as subject
        on subject.record_id = applicant.record_id and subject.kind = 'case'
    where household.benefit_status = '2'
),
bereaved as (
    select distinct
        stopped.case_no,
        stopped.record_id,
        stopped.stop_month,
        stopped.applicant_id,
        death.death_date
    from stopped
    join shared.death_record as death on death.person_id = stopped.applicant_id
    where stopped.applicant_grade = 'certain'
        and death.has_certain_link
        and date_diff('month', death.death_date, stopped.stop_month) between 0 and 3
),
survivor as (
    select bereaved.case_no, count(distinct subject.person_id) as survivor_count
    from bereaved
    join clean.member as member using (case_no)
    join linked.subject as subject on subject.record_id = member.record_id
    where member.member_kind = '1'
        and subject.kind = 'case'
        and subject.person_id <> bereaved.applicant_id
        and not exists (
            select 1
            from shared.death as death
            where death.person_id = subject.person_id
                and death.is_certain
                and subject.person_grade = 'certain'
        )
        and not exists (
            select 1 from shared.listed_person as listed
            where listed.person_id = subject.person_id
        )
    group by bereaved.case_no
),
evidence as (
    select case_no, record_id, cast(null as varchar) as role, cast(null as varchar) as link_grade
    from bereaved
    union all
    select bereaved.case_no, link.record_id, link.role, link.grade
    from bereaved
    join linked.person_record as link
        on link.person_id = bereaved.applicant_id and link.dataset = 'civil_affairs.cremations'
    union all
    select bereaved.case_no, link.record_id, link.role, link.grade
    from bereaved
    join linked.person_record as link
        on link.person_id = bereaved.applicant_id
        and link.dataset = 'public_security.population'
    join clean.population as population
        on population.record_id = link.record_id and population.person_status = '1'
)
select
    bereaved.case_no,
    evidence.record_id,
    evidence.role,
    evidence.link_grade,
    true as verify_only,
    cast(date_trunc('month', bereaved.death_date) as date) as death_month,
    bereaved.stop_month,
    survivor.survivor_count,
    case when evidence.link_grade is null then 'main' else 'death' end as sentence
from bereaved
join survivor using (case_no)
join evidence using (case_no)
order by bereaved.case_no, evidence.record_id
