-- One row for each living, authorised counted member, with the newest marriage event (none: no values).
select
    member.case_no, member.seq, marriage.record_id, member.name_raw as member_name,
    marriage.spouse_name, marriage.event, marriage.registered_date,
    coalesce(member.age, 18) >= 18 as is_adult, marriage.is_married, marriage.likeness,
    marriage.is_spouse_dead
from shared.counted_member as member
left join shared.newest_marriage as marriage
    on marriage.case_no = member.case_no and marriage.seq = member.seq
where member.is_authorised and not member.is_certainly_dead
order by member.case_no, member.seq
