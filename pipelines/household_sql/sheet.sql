-- checking.sheet: what a check answers of each household, ready: lines of JSON by case (or application) number. Amounts
-- are texts, which keep their digits. kind: in which of the two books a household or its people stand; null for
-- what is said under the number, whichever book it is of. {findings} and {answers} are filled in.
with stated as (
    select
        case_no, 'case' as kind, seq, record_id, name_raw, coalesce(id_no, id_no_text) as id_no,
        id_no_status, id_no as valid_id_no, relation, member_kind, declared_income_yuan,
        authorised_date
    from clean.member
    union all
    select
        application_no as case_no, 'application' as kind, seq, record_id, name_raw,
        coalesce(id_no, id_no_text) as id_no, id_no_status, id_no as valid_id_no, relation,
        member_kind, declared_income_yuan, authorised_date
    from clean.application
),

household_line as (
    select
        case_no, 'case' as kind, 'household' as part, 0 as place,
        to_json({
            'scheme': scheme, 'township_code': township_code, 'benefit_status': benefit_status,
            'address': address, 'data_date': business_date
        }) as content
    from clean.household
    union all
    select
        application_no as case_no, 'application' as kind, 'household' as part, 0 as place,
        to_json({
            'scheme': min(scheme), 'township_code': min(township_code),
            'benefit_status': cast(null as varchar), 'address': cast(null as varchar),
            'data_date': min(business_date)
        }) as content
    from clean.application
    group by application_no
),

person_line as (
    select
        stated.case_no, stated.kind, 'person' as part, stated.seq as place,
        to_json({
            'seq': stated.seq, 'name_raw': stated.name_raw, 'id_no': stated.id_no,
            'id_no_status': stated.id_no_status,
            'known_id_no': coalesce(stated.valid_id_no, person.id_no),
            'relation': stated.relation, 'member_kind': stated.member_kind,
            'declared_income_yuan': cast(stated.declared_income_yuan as varchar),
            'authorised_date': stated.authorised_date, 'subject_id': subject.subject_id,
            'person_id': subject.person_id, 'person_grade': subject.person_grade,
            'person_key': person.person_key,
            'is_registered': person.register_record_id is not null,
            'identified_by': subject.why,
            'is_authorised': coalesce(
                counted.is_authorised, coalesce(stated.authorised_date <= $as_of, false)
            ),
            'is_certainly_dead': coalesce(counted.is_certainly_dead, false),
            'age': counted.age, 'wage_state': income.wage_state,
            'wage_yuan': cast(income.wage_yuan as varchar),
            'pension_yuan': cast(income.pension_yuan as varchar),
            'unemployment_yuan': cast(income.unemployment_yuan as varchar),
            'registered_yuan': cast(income.registered_yuan as varchar),
            'counted_yuan': cast(income.counted_yuan as varchar)
        }) as content
    from stated
    left join linked.subject as subject
        on subject.record_id = stated.record_id and subject.case_no = stated.case_no
    left join linked.person as person on person.person_id = subject.person_id
    left join checking.counted_member as counted
        on counted.case_no = stated.case_no and counted.seq = stated.seq
    left join checking.member_income as income
        on income.case_no = stated.case_no and income.seq = stated.seq
),

-- records whose own tie to a person is probable, however surely the subject is that person
tied_probably as (
    select link.subject_id, link.dataset, link.record_id, link.score, link.why
    from linked.subject_record as link
    join linked.subject as subject on subject.subject_id = link.subject_id
    where link.grade = 'probable' and subject.person_grade = 'certain'
    union all
    select subject.subject_id, link.dataset, link.record_id, link.score, link.why
    from linked.subject as subject
    join linked.person_record as link on link.person_id = subject.person_id
    where link.grade = 'probable' and subject.person_grade = 'probable'
),

probable as (
    select
        subject_id, dataset, record_id,
        first_value(why) over (
            partition by subject_id, dataset order by score, why, record_id
        ) as least_sure
    from tied_probably
),

-- for each person and register: how many records are linked (how many of them probably, and why the least
-- sure one is), how many are for a person to look at, and whether a row that may be theirs could not be read
seen as (
    select
        subject_id, dataset, max(found) as found, max(probable) as probable, max(why) as why,
        max(to_review) as to_review, bool_or(is_unread) as is_unread
    from (
        select subject_id, dataset, count(distinct record_id) as found, 0 as probable,
            cast(null as varchar) as why, 0 as to_review, false as is_unread
        from linked.subject_record
        group by subject_id, dataset
        union all
        select subject_id, dataset, 0 as found, count(distinct record_id) as probable,
            max(least_sure) as why, 0 as to_review, false as is_unread
        from probable
        group by subject_id, dataset
        union all
        select subject_id, dataset, 0 as found, 0 as probable, null as why,
            count(distinct record_id) as to_review, false as is_unread
        from linked.review_pair
        group by subject_id, dataset
        union all
        select subject.subject_id, unchecked.dataset, 0 as found, 0 as probable, null as why,
            0 as to_review, true as is_unread
        from linked.subject as subject
        join linked.unchecked as unchecked on unchecked.person_id = subject.person_id
    ) as known
    group by subject_id, dataset
),

seen_line as (
    select
        subject.case_no, cast(null as varchar) as kind, 'seen' as part,
        subject.subject_id as place,
        to_json(list({
            'subject_id': seen.subject_id, 'dataset': seen.dataset, 'found': seen.found,
            'probable': seen.probable, 'why': seen.why,
            'to_review': seen.to_review, 'is_unread': seen.is_unread
        } order by seen.dataset)) as content
    from seen
    join linked.subject as subject on subject.subject_id = seen.subject_id
    group by subject.case_no, subject.subject_id
),

rules_line as (
    select
        case_no, cast(null as varchar) as kind, 'rules' as part, 0 as place,
        to_json(list({
            'rule': rule, 'answer': answer, 'reason': coalesce(reason, '')
        } order by rule)) as content
    from {answers}
    where case_no is not null
    group by case_no
),

finding_of as (
    select unnest(string_split(case_no, ';')) as of_case, finding.*
    from {findings} as finding
    where case_no is not null
),

finding_line as (
    select
        of_case as case_no, cast(null as varchar) as kind, 'finding' as part,
        row_number() over (
            partition by of_case
            order by direction, rule, seq nulls last, period, finding_id
        ) as place,
        to_json({
            'finding_id': finding_id, 'rule': rule, 'direction': direction, 'per': per,
            'grade': grade, 'case_no': case_no, 'seq': seq, 'period': period,
            'at_risk_yuan': cast(at_risk_yuan as varchar), 'evidence': evidence,
            'evidence_hash': evidence_hash
        }) as content
    from finding_of
),

income_line as (
    select
        case_no, cast(null as varchar) as kind, 'income' as part, 0 as place,
        to_json({
            'heads': heads, 'line_yuan': cast(line_yuan as varchar),
            'tolerance_share': cast(tolerance_share as varchar),
            'total_yuan': cast(total_yuan as varchar),
            'per_head_yuan': cast(
                cast(
                    case when heads > 0 then round(total_yuan / heads, 2) end as decimal(14, 2)
                ) as varchar
            ),
            'unknown_wages': unknown_wages, 'is_judged': is_judged, 'is_in_grace': is_in_grace,
            'is_over': is_over
        }) as content
    from checking.case_income
),

line as (
    select case_no, kind, part, place, content from household_line
    union all
    select case_no, kind, part, place, content from person_line
    union all
    select case_no, kind, part, place, content from seen_line
    union all
    select case_no, kind, part, place, content from rules_line
    union all
    select case_no, kind, part, place, content from finding_line
    union all
    select case_no, kind, part, place, content from income_line
)

select case_no, kind, part, cast(place as bigint) as place, cast(content as varchar) as content
from line
order by case_no, part, place, kind
