-- The decisions that hold: a person said of this very record and this very subject, both as they
-- stand today, that they are the same or not the same. The last word counts.
with spoken as (
    select
        record.record_id, record.dataset, record.role, subject.subject_id, decision.verdict,
        row_number() over (
            partition by record.record_id, record.role, subject.subject_id
            order by decision.decision_no desc
        ) as place
    from work.decision as decision
    join work.record_value as record on record.record_hash = decision.record_hash
    join work.subject_value as subject on subject.subject_hash = decision.subject_hash
)

select record_id, dataset, role, subject_id, verdict
from spoken
where place = 1
