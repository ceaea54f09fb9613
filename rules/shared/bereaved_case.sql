-- Each case whose benefit ended (待遇状态 2) and its applicant: the person the household row names; where
-- nobody is linked to that row for certain, the counted member who is 本人 (01). With the applicant's death, and
-- the living counted members besides who are in no active case.
with stopped as (
    select distinct
        household.case_no, household.record_id, household.stop_month,
        case
            when link.grade = 'certain' then link.person_id
            else coalesce(subject.person_id, link.person_id)
        end as applicant_id,
        case
            when link.grade = 'certain' then link.grade
            else coalesce(subject.person_grade, link.grade)
        end as applicant_grade
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

survivor as (
    select
        stopped.case_no, stopped.applicant_id,
        count(distinct subject.person_id) as survivor_count
    from stopped
    join clean.member as member on member.case_no = stopped.case_no
    join linked.subject as subject
        on subject.record_id = member.record_id and subject.kind = 'case'
    left join shared.death as death
        on death.person_id = subject.person_id
        and death.is_certain
        and subject.person_grade = 'certain'
    left join shared.listed_person as listed on listed.person_id = subject.person_id
    where member.member_kind = '1'
        and subject.person_id <> stopped.applicant_id
        and death.person_id is null
        and listed.person_id is null
    group by stopped.case_no, stopped.applicant_id
)

select
    stopped.case_no, stopped.record_id, stopped.stop_month, stopped.applicant_id,
    death.death_date,
    coalesce(
        stopped.applicant_grade = 'certain' and death.has_certain_link, false
    ) as is_certainly_recorded,
    coalesce(
        date_diff('month', death.death_date, stopped.stop_month) between 0 and 3, false
    ) as is_stopped_then,
    coalesce(survivor.survivor_count, 0) as survivor_count
from stopped
left join shared.death_record as death on death.person_id = stopped.applicant_id
left join survivor
    on survivor.case_no = stopped.case_no and survivor.applicant_id = stopped.applicant_id
order by stopped.case_no, stopped.applicant_id
