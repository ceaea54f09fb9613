-- What was found of the household.
select
    finding_id, rule, direction, per, grade, case_no, seq, period, at_risk_yuan, evidence,
    evidence_hash
from {findings}
where case_no = $case_no or list_contains(string_split(case_no, ';'), $case_no)
order by direction, rule, seq, period, finding_id
