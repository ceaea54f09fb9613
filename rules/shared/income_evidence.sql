-- What each living counted member's income is read from, in order: the member's sum, the mean of the
-- wages, and the records. One row for each, with the facts its sentence tells; record_id is null for
-- arithmetic.
with member as (
    select income.*, counted.name_raw as member_name
    from shared.member_income as income
    join shared.counted_member as counted
        on counted.case_no = income.case_no and counted.seq = income.seq
),

line as (
    select
        case_no, seq, 1 as place,
        case
            when not is_authorised then 'member_unseen'
            when wage_state = 'unknown' then 'member_unknown'
            else 'member'
        end as sentence,
        cast(null as bigint) as record_id, cast(null as varchar) as role,
        cast(null as varchar) as grade
    from member
    union all
    select case_no, seq, 2, 'wage', null, null, null
    from member
    where wage_state = 'known'
    union all
    select wage.case_no, wage.seq, 3, 'contribution', wage.record_id, wage.role, wage.grade
    from shared.wage_row as wage
    join member on member.case_no = wage.case_no and member.seq = wage.seq
    where wage.is_paid and member.wage_state = 'known'
    union all
    select
        case_no, seq, 4, case when exempt_yuan > 0 then 'pension_exempt' else 'pension' end,
        record_id, role, grade
    from shared.member_pension
    union all
    select case_no, seq, 5, 'unemployment', record_id, role, grade
    from shared.member_unemployment
)

select
    line.case_no, line.seq, line.place, line.sentence, line.record_id, line.role,
    line.grade as link_grade, named.member_name, summed.declared_yuan,
    coalesce(
        summed.wage_yuan, averaged.wage_yuan,
        case when summed.wage_state = 'none' then cast(0 as decimal(14, 2)) end
    ) as wage_yuan, summed.pension_yuan,
    summed.unemployment_yuan, summed.registered_yuan,
    coalesce(summed.counted_yuan, pension.counted_yuan) as counted_yuan, averaged.mean_yuan,
    averaged.work_cost_share, averaged.first_month, averaged.newest_month, wage.employer_name,
    coalesce(wage.insurance, pension.insurance) as insurance, wage.month,
    coalesce(wage.wage_yuan, pension.pension_yuan, benefit.benefit_yuan) as reported_yuan,
    pension.exempt_yuan, coalesce(pension.start_month, benefit.start_month) as start_month,
    benefit.end_month
from line
join member as named on named.case_no = line.case_no and named.seq = line.seq
left join member as summed
    on summed.case_no = line.case_no and summed.seq = line.seq and line.place = 1
left join member as averaged
    on averaged.case_no = line.case_no and averaged.seq = line.seq and line.place = 2
left join shared.wage_row as wage
    on wage.case_no = line.case_no and wage.seq = line.seq
    and wage.record_id = line.record_id and line.place = 3
left join shared.member_pension as pension
    on pension.case_no = line.case_no and pension.seq = line.seq
    and pension.record_id = line.record_id and line.place = 4
left join shared.member_unemployment as benefit
    on benefit.case_no = line.case_no and benefit.seq = line.seq
    and benefit.record_id = line.record_id and line.place = 5
order by line.case_no, line.seq, line.place, wage.month, line.record_id
