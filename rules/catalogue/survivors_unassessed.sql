-- Stopped cases (停发) whose 停发月份 is 0 to 3 months after the month of the applicant's death, on a
-- certain link, with living counted members who are in no active case.
-- Rows: the household's, and each record of the death. Without 停发月份 nobody can tell.
with bereaved as (
    select *
    from shared.bereaved_case
    where is_certainly_recorded
        and survivor_count > 0
        and (is_stopped_then or stop_month is null)
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
    case when bereaved.stop_month is null then 'not_checked' else 'found' end as answer,
    case when bereaved.stop_month is null then 'stop_month_unknown' end as reason,
    evidence.record_id,
    evidence.role,
    evidence.link_grade,
    true as verify_only,
    cast(date_trunc('month', bereaved.death_date) as date) as death_month,
    bereaved.stop_month,
    bereaved.survivor_count,
    case when evidence.link_grade is null then 'main' else 'death' end as sentence
from bereaved
join evidence using (case_no)
order by bereaved.case_no, evidence.record_id
