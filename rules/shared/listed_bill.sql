-- The settlements of an active case's counted members in the look-back (the dead included: the household
-- bore their bills), one row for each case and settlement. borne_yuan: psn_part_amt less maf_pay; medical
-- assistance that could not be read is somewhere between nothing and the whole bill (borne_at_most_yuan).
-- Of a member one of whose settlements is set aside only take-backs count, so sums are lower bounds.
with counted as (
    select
        member.case_no, member.subject_id, member.person_id,
        cast(policy.medical_lookback_months as integer) as lookback_months
    from shared.counted_member as member
    join shared.active_case as active on active.case_no = member.case_no
    join policy.in_force as policy on policy.division = active.division
)

select
    counted.case_no, settlement.record_id, link.role, min(link.grade) as link_grade,
    min(
        case
            when list_contains(settlement.remarks, 'assistance_yuan:unreadable')
                then least(settlement.own_yuan, 0)
            else settlement.own_yuan - coalesce(settlement.assistance_yuan, 0)
        end
    ) as borne_yuan,
    min(
        case
            when list_contains(settlement.remarks, 'assistance_yuan:unreadable')
                then greatest(settlement.own_yuan, 0)
            else settlement.own_yuan - coalesce(settlement.assistance_yuan, 0)
        end
    ) as borne_at_most_yuan
from counted
join linked.subject_record as link
    on link.subject_id = counted.subject_id
    and link.dataset = 'medical_insurance.settlements'
join clean.settlement as settlement on settlement.record_id = link.record_id
left join linked.unchecked as unchecked
    on unchecked.person_id = counted.person_id
    and unchecked.dataset = 'medical_insurance.settlements'
where settlement.settled_date > $as_of - to_months(counted.lookback_months)
    and settlement.settled_date <= $as_of
    and (settlement.own_yuan < 0 or unchecked.person_id is null)
group by counted.case_no, settlement.record_id, link.role
order by counted.case_no, settlement.record_id, link.role
