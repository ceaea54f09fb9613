-- m of the comparisons as the night learned them for applications; the model's where it learned nothing.
select
    'civil_affairs.applications' as dataset, level.comparison, level.level,
    coalesce(learned.m, case when level.level = 'unknown' then 1.0 else level.m end) as m
from work.level as level
left join shown.linked.subject_learned as learned
    on learned.dataset = 'civil_affairs.applications'
    and learned.comparison = level.comparison
    and learned.level = level.level
where level.comparison in ('township', 'address', 'case', 'kin', 'unit', 'death')
