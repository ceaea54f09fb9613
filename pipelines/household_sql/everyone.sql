-- Everybody a rule may have to know of: the people, their spouses, and the people of the related cases.
select distinct person_id
from (
    select person_id from asked.person
    union all
    select person_id from asked.spouse
    union all
    select subject.person_id
    from {source}.linked.subject as subject
    join asked.related_case as related on related.case_no = subject.case_no
    where subject.kind = 'case'
) as concerned
where person_id is not null
order by person_id
