-- In-force titles of living, authorised counted members, with each one's share of the unit.
select
    link.case_no, link.seq, link.record_id, link.role, link.grade, title.unit_no, title.house_use,
    title.area_m2, title.tenure, title.owners, title.share,
    coalesce(title.is_share_known, false) as is_share_known
from shared.member_link as link
join shared.owner_share as title on title.record_id = link.record_id
where link.dataset = 'housing.properties'
order by link.case_no, link.seq, link.record_id
