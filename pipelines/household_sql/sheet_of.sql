-- The ready answer about one household ($case_no, as it stands in the book $kind).
select part, content
from checking.sheet
where case_no = $case_no and (kind is null or kind = $kind)
order by part, place
