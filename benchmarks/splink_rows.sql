-- The rows both engines link, with the same cleaning: people of cases and applications, and every
-- other record that was not set aside.
create temp table subject_row as
select
    member.record_id, member.id_no, member.name, member.sex, member.birth_date,
    household.township_code, household.address
from base.clean.member as member
left join base.clean.household as household on household.case_no = member.case_no
union all
select
    record_id, id_no, name, null as sex, null as birth_date, township_code, null as address
from base.clean.application;

create temp table record_row as
select
    record_id, role, id_no,
    case when id_status in ('malformed', 'check_digit', 'date') then id_text end as id_text,
    name, former_name,
    coalesce(sex, case role when 'husband' then '1' when 'wife' then '2' end) as sex,
    birth_date, township_code, address
from base.clean.mention
where not is_set_aside
    and dataset not in ('civil_affairs.members', 'civil_affairs.applications');
