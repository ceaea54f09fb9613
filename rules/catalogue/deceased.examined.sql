-- One row for each beneficiary of an active case, with the death on record.
select
    member.case_no, member.seq, member.name_raw as recorded_name, death.death_date,
    death.person_id is not null as has_record
from shared.counted_member as member
left join shared.death as death on death.person_id = member.person_id
where member.is_beneficiary
order by member.case_no, member.seq
