-- The newest marriage event of each living, authorised counted member who has any, with the other one of
-- the two. On a day with two events the one that ends a marriage counts as the later. likeness: 2 the
-- other stands in the case (either kind), 1 may do so (a bad number, or a member of the same name under
-- another number, keeps the two from being told apart).
with event as (
    select
        link.case_no, link.seq, link.record_id, link.role, link.grade, marriage.event,
        marriage.registered_date,
        case when link.role = 'husband' then 'wife' else 'husband' end as spouse_role,
        case when link.role = 'husband' then marriage.wife_id_no else marriage.husband_id_no end
            as spouse_id_no,
        case when link.role = 'husband' then marriage.wife_name else marriage.husband_name end
            as spouse_name,
        case
            when link.role = 'husband' then marriage.wife_name_raw else marriage.husband_name_raw
        end as spouse_name_raw,
        row_number() over (
            partition by link.case_no, link.seq
            order by
                marriage.registered_date desc,
                case when marriage.event in ('IA', 'ICA') then 1 else 0 end, link.record_id desc
        ) as place
    from shared.member_link as link
    join clean.marriage as marriage on marriage.record_id = link.record_id
    where link.dataset = 'civil_affairs.marriages' and marriage.registered_date <= $as_of
),

married as (
    select
        event.*, spouse.person_id as spouse_person_id, counted.name_raw as member_name,
        counted.age
    from event
    join shared.counted_member as counted
        on counted.case_no = event.case_no and counted.seq = event.seq
    left join linked.person_record as spouse
        on spouse.record_id = event.record_id
        and spouse.dataset = 'civil_affairs.marriages'
        and spouse.role = event.spouse_role
    where event.place = 1
),

listed as (
    select
        married.case_no, married.seq,
        max(
            case
                when subject.person_id = married.spouse_person_id then 2
                when member.id_no = married.spouse_id_no then 2
                when member.name = married.spouse_name
                    and (member.id_no is null or married.spouse_id_no is null)
                    then 2
                when member.relation = '10'
                    and (member.id_no is null or married.spouse_id_no is null)
                    then 1
                when member.name = married.spouse_name then 1 -- one of two numbers may be wrong
                else 0
            end
        ) as likeness
    from married
    join clean.member as member on member.case_no = married.case_no and member.seq <> married.seq
    left join linked.subject as subject
        on subject.record_id = member.record_id and subject.kind = 'case'
    group by married.case_no, married.seq
),

cremated as (
    select distinct married.case_no, married.seq
    from married
    join clean.cremation as cremation
        on cremation.id_no = married.spouse_id_no and cremation.name = married.spouse_name
    where married.spouse_person_id is null -- of a known person, shared.death says more
        and (cremation.death_date <= $as_of or cremation.cremation_date <= $as_of)
)

select
    married.case_no, married.seq, married.record_id, married.role, married.grade,
    married.member_name, married.spouse_name_raw as spouse_name, married.event,
    married.registered_date, coalesce(married.age, 18) >= 18 as is_adult,
    married.event in ('IA', 'ICA') as is_married, coalesce(listed.likeness, 0) as likeness,
    death.person_id is not null or cremated.case_no is not null as is_spouse_dead
from married
left join listed on listed.case_no = married.case_no and listed.seq = married.seq
left join shared.death as death
    on death.person_id = married.spouse_person_id and death.is_certain
left join cremated on cremated.case_no = married.case_no and cremated.seq = married.seq
order by married.case_no, married.seq
