-- Splink's pairs from a threshold on, in the columns of `hedui links`.
with subject as (
    select record_id, case_no || '#' || cast(seq as varchar) as subject from clean.member
    union all
    select record_id, application_no || '#' || cast(seq as varchar) as subject
    from clean.application
),

pair as (
    select subject_row, abs(record) as record_id, record < 0 as is_wife, match_probability
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
    and (mention.role = 'wife') = pair.is_wife
order by all
