-- One row for each population row of each beneficiary (one without values where there is none).
select
    member.case_no, member.seq, member.name_raw as recorded_name, population.person_status,
    population.status_date, member.is_in_school,
    list_contains(own.remarks, 'is_in_school:unreadable') as is_school_unread,
    case
        when regexp_matches(population.moved_to, '^[0-9]{6}')
            and substr(population.moved_to, 1, 6) <> '000000'
            then population.moved_to
    end as moved_to,
    substr(household.township_code, 1, 6) as division,
    max(case when population.person_status = '0' then 1 else 0 end)
        over (partition by member.case_no, member.seq) as present_rows
from shared.counted_member as member
join clean.household as household on household.case_no = member.case_no
join clean.member as own on own.record_id = member.record_id
left join shared.counted_link as link
    on link.case_no = member.case_no
    and link.seq = member.seq
    and link.dataset = 'public_security.population'
left join clean.population as population on population.record_id = link.record_id
where member.is_beneficiary
order by member.case_no, member.seq, population.record_id
