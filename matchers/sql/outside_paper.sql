-- Papers (a marriage, a title, a contract) of open records on which somebody stands whose valid number nobody
-- known bears: whom else they name lives in no household that is known, as far as that tells.
select distinct paper.paper
from work.open_paper as paper
join linked.plain_link as link on link.record_id = paper.record_id and link.person_id is null
anti join work.number_differs as differing
    on differing.record_id = link.record_id and differing.role = link.role
