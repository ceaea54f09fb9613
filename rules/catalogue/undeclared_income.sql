-- A counted member's registered income exceeds the declared by more than 200 yuan a month (the agreed
-- margin), in a case without income_over_line. Where the declared could not be read, nobody can tell by how much.
with above_declared as (
    select
        member.case_no, member.seq,
        member.registered_yuan - coalesce(member.declared_yuan, 0) as difference_yuan
    from shared.member_income as member
    join shared.case_income as income on income.case_no = member.case_no
    where member.is_authorised
        and not income.is_over
        and not member.is_declared_unread
        and member.registered_yuan - coalesce(member.declared_yuan, 0) > 200
),

line as (
    select
        evidence.case_no, evidence.seq, evidence.place, evidence.sentence, evidence.record_id,
        'found' as answer, cast(null as varchar) as reason
    from above_declared
    join shared.income_evidence as evidence
        on evidence.case_no = above_declared.case_no and evidence.seq = above_declared.seq
    union all
    select
        member.case_no, member.seq, 9, null, null, 'not_checked',
        'wage_unknown:' || cast(member.seq as varchar)
    from shared.member_income as member
    where member.wage_state = 'unknown'
    union all
    select member.case_no, member.seq, 9, null, null, 'not_checked',
        'value_unreadable:civil_affairs.members#' || cast(member.seq as varchar)
    from shared.member_income as member
    where member.is_declared_unread and member.registered_yuan > 200
    union all
    select case_no, null, 9, null, null, 'not_applicable', null
    from shared.case_income
    where is_over
        and case_no not in ( -- the heads are not known: income_over_line is not checked either
            select case_no
            from clean.set_aside
            where dataset = 'civil_affairs.members' and case_no is not null
        )
)

select
    line.case_no, line.seq, line.answer, line.reason, line.record_id, evidence.role,
    evidence.link_grade, true as verify_only, line.sentence, evidence.member_name,
    evidence.registered_yuan, evidence.declared_yuan, shown.difference_yuan, evidence.wage_yuan,
    evidence.pension_yuan, evidence.unemployment_yuan, evidence.counted_yuan, evidence.mean_yuan,
    evidence.work_cost_share, evidence.first_month, evidence.newest_month, evidence.employer_name,
    evidence.insurance, evidence.month, evidence.reported_yuan, evidence.exempt_yuan,
    evidence.start_month, evidence.end_month
from line
left join above_declared as shown
    on shown.case_no = line.case_no and shown.seq = line.seq and line.place = 1
left join shared.income_evidence as evidence
    on evidence.case_no = line.case_no
    and evidence.seq = line.seq
    and evidence.sentence = line.sentence
    and coalesce(evidence.record_id, 0) = coalesce(line.record_id, 0)
order by line.case_no, line.seq, line.place, evidence.month, line.record_id, line.reason
