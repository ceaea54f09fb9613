-- Counted members whose identity number is to be mended. `invalid`: malformed, check digit wrong,
-- a placeholder, absent. `other_name`: the register has the number, and under no name, present or
-- former, that agrees with the member's (the matcher then makes them two people). `shared`: another
-- member row, of someone else, carries it. Other kinds of document are no defect.
select
    case_no, seq, record_id, member_name, sentence, number_status, other_name, other_case_no
from shared.identity_flaw
order by case_no, seq, sentence, record_id
