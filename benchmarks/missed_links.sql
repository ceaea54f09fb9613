-- Why each missed record (given.missed, with its place in given.place) is tied to nobody.
with subject as (
    select case_no || '#' || cast(seq as varchar) as subject, min(person_id) as person_id
    from linked.subject
    group by case_no, seq
),

said as (
    select
        missed.dataset, missed.subject, record.record_id, missed.role, subject.person_id,
        mention.name, mention.id_no, mention.id_status, mention.sex, mention.birth_date,
        mention.township_code, mention.address
    from given.missed as missed
    join given.place as record
        on record.dataset = missed.dataset
        and record.business_date = missed.business_date
        and record.file_name = missed.file
        and record.row_no = missed.row
    join clean.mention as mention
        on mention.record_id = record.record_id
        and mention.dataset = missed.dataset
        and mention.role = missed.role
    left join subject on subject.subject = missed.subject
),

bearer as (
    select name, count(*) as bearers
    from linked.person
    where name in (select name from said)
    group by name
),

fitting as (
    select
        said.record_id, said.role, said.person_id,
        count(*) filter (where weighed.posterior >= 0.05) as fitting,
        bool_or(weighed.person_id = said.person_id and weighed.posterior >= 0.05) as true_one_fits,
        max(weighed.posterior) as likeliest
    from said
    join linked.weighed_pair as weighed
        on weighed.record_id = said.record_id and weighed.role = said.role
    group by said.record_id, said.role, said.person_id
)

select
    said.dataset,
    case
        when said.person_id is null then 'unread_member'
        when said.id_no is not null then 'other_number'
        when fitting.true_one_fits and fitting.fitting > 1 then 'tie'
        when fitting.true_one_fits then 'doubt'
        when fitting.likeliest >= 0.5 then 'other_fits'
        else 'crowd'
    end as reason,
    said.subject, said.name, said.id_status, said.sex, said.birth_date,
    said.township_code is not null as says_township, said.address is not null as says_address,
    bearer.bearers, fitting.fitting, round(fitting.likeliest, 3) as likeliest
from said
left join bearer on bearer.name = said.name
left join fitting
    on fitting.record_id = said.record_id
    and fitting.role = said.role
    and fitting.person_id is not distinct from said.person_id
order by said.dataset, reason, said.subject, said.record_id, said.role
