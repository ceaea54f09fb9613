-- Records of the datasets, roles and names of which a person decided something.
select distinct mention.record_id, mention.dataset, mention.role
from clean.mention as mention
join work.decision as decision
    on decision.dataset = mention.dataset
    and decision.role = mention.role
    and decision.record_name = mention.name
where not mention.is_set_aside
