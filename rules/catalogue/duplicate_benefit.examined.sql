-- One row for each beneficiary of an active case, with the number of cases the person benefits in.
with benefiting as (
    select person_id, count(distinct case_no) as cases
    from shared.counted_member
    where is_beneficiary and person_id is not null
    group by person_id
)

select
    member.case_no, member.seq, member.name_raw as listed_name, coalesce(benefiting.cases, 0) as cases
from shared.counted_member as member
left join benefiting on benefiting.person_id = member.person_id
where member.is_beneficiary
order by member.case_no, member.seq
