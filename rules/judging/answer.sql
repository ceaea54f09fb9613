-- Each rule's answer for each active case (and for the cases it is about besides), and one row for the
-- district where it is about people not listed. A finding stands whatever else is unknown; what is
-- unknown is then said beside it. Where the sources are there, a rule that does not apply is clear.
with judged_case as (
    select
        rule.rule, household.case_no, rule.source_reason,
        list_contains(rule.schemes, household.scheme)
        and list_contains(rule.statuses, household.benefit_status) as is_applicable
    from clean.household as household
    join judging.asked_case as asked on asked.case_no = household.case_no
    cross join judging.rule as rule
    where rule.is_on_cases
        and (
            household.benefit_status in ('1', '3')
            or list_contains(rule.statuses, household.benefit_status)
        )
),

found as (
    select distinct rule, case_no from judging.found
),

not_applicable as (
    select distinct rule, case_no from judging.said where answer = 'not_applicable'
),

reason as (
    select rule, case_no, string_agg(reason, ';' order by seq, reason) as reason
    from (
        select distinct rule, case_no, coalesce(seq, 0) as seq, reason
        from (
            select rule, case_no, seq, reason from judging.reason
            union all
            select rule, case_no, seq, reason from judging.said where answer = 'not_checked'
        ) as every_reason
    ) as distinct_reason
    group by rule, case_no
),

weighed as (
    select
        judged_case.case_no, judged_case.rule, found.rule is not null as is_found,
        judged_case.is_applicable and not_applicable.rule is null as is_applicable,
        judged_case.source_reason, reason.reason
    from judged_case
    left join found on found.rule = judged_case.rule and found.case_no = judged_case.case_no
    left join not_applicable
        on not_applicable.rule = judged_case.rule
        and not_applicable.case_no = judged_case.case_no
    left join reason on reason.rule = judged_case.rule and reason.case_no = judged_case.case_no
),

answered as (
    select
        case_no, rule,
        case
            when is_found then 'found'
            when source_reason is not null then 'not_checked'
            when not is_applicable then 'clear'
            when reason is not null then 'not_checked'
            else 'clear'
        end as answer,
        case
            when source_reason is null and not is_found and not is_applicable
                then 'not_applicable'
            when source_reason is not null and reason is not null and is_applicable
                then source_reason || ';' || reason
            else coalesce(source_reason, reason, '')
        end as reason
    from weighed
    union all
    select
        cast(null as varchar) as case_no, rule.rule,
        case
            when found.rule is not null then 'found'
            when rule.source_reason is not null then 'not_checked'
            else 'clear'
        end as answer,
        coalesce(rule.source_reason, '') as reason
    from judging.rule as rule
    left join (select distinct rule from judging.found) as found on found.rule = rule.rule
    where not rule.is_on_cases and $is_district
)

select case_no, rule, answer, reason
from answered
order by case_no, rule
