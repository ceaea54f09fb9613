-- The cases that bear on the households: their own, those in which the same people or the same numbers
-- stand (another benefit, a shared number, a former case).
select case_no
from (
    select case_no from asked.household where kind = 'case'
    union
    select subject.case_no
    from {source}.linked.subject as subject
    join asked.person as person on person.person_id = subject.person_id
    where subject.kind = 'case'
    union
    select member.case_no
    from {source}.clean.member as member
    join asked.number as number on number.id_no = member.id_no
    union
    select subject.case_no
    from {source}.linked.subject as subject
    join asked.spouse as spouse on spouse.person_id = subject.person_id
    where subject.kind = 'case'
) as related
order by case_no
