-- Who stands for certain on the same paper (a marriage, a title, a contract) as an open record.
select distinct paper.paper, link.person_id
from work.open_paper as paper
join linked.person_record as link on link.record_id = paper.record_id and link.grade = 'certain'
