-- One row for each active 低保 case, with its only living counted member where there is just one.
select
    active.case_no, active.heads, lone.seq, lone.member_name, lone.member_birth_date, lone.age,
    lone.has_supporter, lone.is_married
from shared.active_case as active
left join shared.lone_member as lone on lone.case_no = active.case_no
where active.scheme in ('11', '12')
order by active.case_no
