-- Each beneficiary's equal share of the case's monthly amount, to the fen, halves up.
-- Where a member row of the case was set aside, 保障人口数 stands in if it is larger.
with incomplete as (
    select distinct case_no
    from clean.set_aside
    where dataset = 'civil_affairs.members' and case_no is not null
),

beneficiary as (
    select
        member.case_no, member.seq,
        count(*) over (partition by member.case_no) as listed
    from shared.counted_member as member
    where member.is_beneficiary
),

parted as (
    select
        beneficiary.case_no, beneficiary.seq,
        cast(household.monthly_amount_yuan * 100 as bigint) as amount_fen,
        case
            when incomplete.case_no is null then beneficiary.listed
            else greatest(beneficiary.listed, coalesce(household.beneficiary_count, 0))
        end as parts
    from beneficiary
    join clean.household as household on household.case_no = beneficiary.case_no
    left join incomplete on incomplete.case_no = beneficiary.case_no
)

select
    case_no, seq,
    cast(cast((2 * amount_fen + parts) // (2 * parts) as decimal(16, 0)) * 0.01 as decimal(14, 2))
        as share_yuan
from parted
order by case_no, seq
