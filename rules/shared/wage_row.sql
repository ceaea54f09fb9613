-- The contributions a member's wage is read from: as an employee or in a public-welfare post (AAC066 1,
-- 3), in the months that count, insurance 110 or, where the member has none of it, 310.
with employed as (
    select
        case_no, seq, record_id, role, grade, employer_no, employer_name, insurance, month,
        wage_yuan, is_paid,
        max(case when insurance = '110' then 1 else 0 end)
            over (partition by case_no, seq) as has_pension_insurance
    from shared.member_contribution
    where is_in_window and insured_as in ('1', '3') and insurance in ('110', '310')
)

select
    case_no, seq, record_id, role, grade, employer_no, employer_name, insurance, month, wage_yuan,
    is_paid
from employed
where insurance = case when has_pension_insurance = 1 then '110' else '310' end
order by case_no, seq, month, employer_no, record_id
