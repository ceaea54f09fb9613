-- Where the records behind findings stand, why they are linked, and the member row they are linked to
-- (the other register's side of the pair); one row for each record, role and case asked for. The places are filled in: the union of the datasets concerned.
with place as (
    {places}
),

subject_why as (
    select
        wanted.record_id, wanted.role, wanted.case_no, min(link.why) as why,
        min(subject.record_id) as member_record_id
    from judging.wanted as wanted
    join linked.subject_record as link
        on link.record_id = wanted.record_id and link.role = wanted.role
    join linked.subject as subject
        on subject.subject_id = link.subject_id and subject.case_no = wanted.case_no
    group by wanted.record_id, wanted.role, wanted.case_no
),

person_why as (
    select wanted.record_id, wanted.role, min(link.why) as why
    from judging.wanted as wanted
    join linked.person_record as link
        on link.record_id = wanted.record_id and link.role = wanted.role
    where wanted.case_no is null
    group by wanted.record_id, wanted.role
)

select
    wanted.record_id, wanted.role, wanted.case_no, place.business_date, place.file_name,
    place.row_no, coalesce(subject_why.why, person_why.why) as why, member.seq,
    member.business_date, member.file_name, member.row_no
from judging.wanted as wanted
join place on place.record_id = wanted.record_id
left join subject_why
    on subject_why.record_id = wanted.record_id
    and subject_why.role = wanted.role
    and subject_why.case_no = wanted.case_no
left join clean.member as member on member.record_id = subject_why.member_record_id
left join person_why
    on person_why.record_id = wanted.record_id
    and person_why.role = wanted.role
    and wanted.case_no is null
order by wanted.record_id, wanted.role, wanted.case_no
