-- One row for each counted member of an active case.
select
    counted.case_no, counted.seq, counted.name_raw as member_name, counted.age, counted.authorised_date,
    list_contains(member.remarks, 'authorised_date:unreadable') as is_unreadable
from shared.counted_member as counted
join clean.member as member on member.record_id = counted.record_id
order by counted.case_no, counted.seq
