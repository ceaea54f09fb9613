-- A counted member signed a purchase contract in the look-back; it is on file and no parking space.
select
    link.case_no, link.record_id, link.role, link.grade as link_grade,
    presale.name_raw as buyer_name, presale.address as unit_address, presale.house_use,
    presale.area_m2, presale.price_yuan, presale.signed_date, presale.contract_status
from shared.member_link as link
join clean.presale as presale on presale.record_id = link.record_id
join shared.active_case as active_case on active_case.case_no = link.case_no
join policy.in_force as policy on policy.division = active_case.division
where link.dataset = 'housing.presales'
    and presale.contract_status = '1'
    and presale.house_use <> '80'
    and presale.signed_date <= $as_of
    and presale.signed_date
    > cast(cast($as_of as date) - to_months(cast(policy.property_presale_months as integer)) as date)
order by link.case_no, link.record_id, link.role
