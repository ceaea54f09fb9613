-- What every rule answered of the household.
select rule, answer, coalesce(reason, '') as reason
from {answers}
where case_no = $case_no
order by rule
