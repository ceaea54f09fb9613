-- One row for each flaw of each counted member's number (one without values where there is none).
select
    member.case_no, member.seq, flaw.record_id, member.name_raw as member_name,
    flaw.number_status, flaw.other_name, flaw.other_case_no, flaw.sentence is not null as is_flawed
from shared.counted_member as member
left join shared.identity_flaw as flaw
    on flaw.case_no = member.case_no and flaw.seq = member.seq
order by member.case_no, member.seq, flaw.sentence, flaw.record_id
