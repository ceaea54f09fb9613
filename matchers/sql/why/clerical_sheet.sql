-- What a person needs to see of the pairs worth a look, nearest to the threshold first.
with own as (
    select record_id, id_no, id_no_raw, name_raw, sex, birth_date from clean.member
    union all
    select record_id, id_no, id_no_raw, name_raw, null as sex, null as birth_date
    from clean.application
)

select
    pair.pair_id, pair.dataset,
    mention.name_raw as record_name, coalesce(mention.id_no, mention.id_text) as record_id_no,
    mention.sex as record_sex, mention.birth_date as record_birth,
    coalesce(mention.address, mention.township_code) as record_place,
    subject.case_no || '#' || cast(subject.seq as varchar) as subject,
    own.name_raw as subject_name, coalesce(own.id_no, own.id_no_raw) as subject_id_no,
    own.sex as subject_sex, own.birth_date as subject_birth,
    household.address as subject_place
from work.clerical_pair as pair
join clean.mention as mention
    on mention.record_id = pair.record_id
    and mention.dataset = pair.dataset
    and mention.role = pair.role
join linked.subject as subject on subject.subject_id = pair.subject_id
join own on own.record_id = subject.record_id
left join clean.household as household on household.case_no = subject.case_no
where not mention.is_set_aside
order by pair.nearness, pair.pair_id
limit $most
