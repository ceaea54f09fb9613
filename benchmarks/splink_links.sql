-- Splink's pairs from a threshold on, in the columns of `hedui links`.
with subject as (
    select record_id, case_no || '#' || cast(seq as varchar) as subject from clean.member
    union all
    select record_id, application_no || '#' || cast(seq as varchar) as subject
    from clean.application
),

pair as (
    select subject_row, record // 4 as record_id, record % 4 as role_no, match_probability
    from read_parquet($pairs)
    where match_probability >= $threshold
)

select
    place.dataset, place.business_date, place.file_name as file, place.row_no as row, mention.role,
    subject.subject, 'probable' as grade
from pair
join subject on subject.record_id = pair.subject_row
join place on place.record_id = pair.record_id
join clean.mention as mention
    on mention.record_id = pair.record_id
    and case mention.role when 'husband' then 1 when 'wife' then 2 else 0 end = pair.role_no
order by all
