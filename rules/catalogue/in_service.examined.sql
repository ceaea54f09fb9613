-- One row for each population row of each beneficiary (one without values where there is none).
select
    member.case_no, member.seq, member.name_raw as recorded_name, population.person_status,
    population.status_date
from shared.counted_member as member
left join shared.counted_link as link
    on link.case_no = member.case_no
    and link.seq = member.seq
    and link.dataset = 'public_security.population'
left join clean.population as population on population.record_id = link.record_id
where member.is_beneficiary
order by member.case_no, member.seq, population.record_id
