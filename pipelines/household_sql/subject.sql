-- Who the asked-for households' people are, as the night linked them.
select subject.*
from asked.household as household
join {source}.linked.subject as subject
    on subject.case_no = household.case_no and subject.kind = household.kind
order by subject.subject_id
