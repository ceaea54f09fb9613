-- What the row of a subject says of him or her, as one text a person's decision is bound to.
select
    subject_id, case_no, seq,
    sha256(concat_ws(
        '|',
        kind, case_no, cast(seq as varchar), coalesce(id_raw, ''), coalesce(name_raw, ''),
        coalesce(sex, ''), coalesce(cast(birth_date as varchar), '')
    )) as subject_hash
from work.subject_row
