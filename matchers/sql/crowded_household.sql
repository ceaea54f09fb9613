-- Household numbers that more people bear than live in any household: a word or a zero in place of a number.
-- They tell nothing of who lives with whom.
select household_no, count(*) as people
from clean.population
where household_no is not null
group by household_no
having count(*) > $block_cap
