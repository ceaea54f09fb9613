-- What is to be mended of the identity numbers of counted members; one row for each flaw (`sentence`). Eighteen
-- characters that would be an organisation's code are nobody's document but a number with a letter slipped in (an X
-- that changed places with its neighbour).
with invalid as (
    select
        case_no,
        seq,
        record_id,
        name_raw as member_name,
        'invalid' as sentence,
        case when id_no_status = 'other_document' then 'malformed' else id_no_status end
            as number_status,
        cast(null as varchar) as other_name,
        cast(null as varchar) as other_case_no
    from shared.counted_member
    where id_no_status in (
        'malformed', 'check_digit', 'date', 'placeholder', 'absent', 'scientific'
    )
    or (id_no_status = 'other_document' and length(id_no_text) = 18)
),
registered as (
    select
        member.case_no,
        member.seq,
        member.name_raw as member_name,
        member.person_id as member_person_id,
        population.record_id,
        population.name_raw as other_name,
        link.person_id
    from shared.counted_member as member
    join clean.population as population on population.id_no = member.id_no
    join linked.person_record as link
        on link.record_id = population.record_id
        and link.dataset = 'public_security.population'
),
other_name as (
    select
        case_no,
        seq,
        record_id,
        member_name,
        'other_name' as sentence,
        cast(null as varchar) as number_status,
        other_name,
        cast(null as varchar) as other_case_no
    from registered
    anti join registered as own
        on own.case_no = registered.case_no
        and own.seq = registered.seq
        and own.person_id = own.member_person_id
),
shared_number as (
    select
        member.case_no,
        member.seq,
        other.record_id,
        member.name_raw as member_name,
        'shared' as sentence,
        cast(null as varchar) as number_status,
        other.name_raw as other_name,
        other.case_no as other_case_no
    from shared.counted_member as member
    join clean.member as other on other.id_no = member.id_no
    join linked.subject as subject
        on subject.record_id = other.record_id and subject.kind = 'case'
    where subject.person_id <> member.person_id
)
select * from invalid
union all
select * from other_name
union all
select * from shared_number
order by case_no, seq, sentence, record_id
