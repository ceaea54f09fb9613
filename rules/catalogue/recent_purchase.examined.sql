-- One row for each contract of each living, authorised counted member (one without values where none).
select
    member.case_no, member.seq, member.name_raw as buyer_name,
    presale.record_id is not null as has_contract, presale.contract_status, presale.house_use,
    presale.signed_date, cast(policy.property_presale_months as integer) as presale_months
from shared.counted_member as member
join shared.active_case as active_case on active_case.case_no = member.case_no
join policy.in_force as policy on policy.division = active_case.division
left join shared.member_link as link
    on link.case_no = member.case_no
    and link.seq = member.seq
    and link.dataset = 'housing.presales'
left join clean.presale as presale on presale.record_id = link.record_id
where member.is_authorised and not member.is_certainly_dead
order by member.case_no, member.seq, presale.record_id
