-- linked.subject_record: which record speaks of which subject, as surely as the weaker of the two
-- ties that lead from one to the other. A subject who bears the record's own number under a name
-- that agrees is certain whatever the register has.
select
    link.record_id, link.dataset, link.role, subject.subject_id,
    case
        when link.grade = 'certain' and subject.person_grade = 'certain' then 'certain'
        when link.grade = 'certain' and carried.subject_id is not null then 'certain'
        else 'probable'
    end as grade,
    case
        when carried.subject_id is null then least(link.score, settled.score) else link.score
    end as score,
    case
        when subject.person_grade = 'certain' or carried.subject_id is not null then link.why
        else link.why || ' | subject ' || settled.why
    end as why
from linked.person_record as link
join linked.subject as subject on subject.person_id = link.person_id
join work.subject_person as settled on settled.subject_id = subject.subject_id
left join work.number_differs as differing
    on differing.record_id = link.record_id and differing.role = link.role
left join work.carried_number as carried
    on carried.subject_id = subject.subject_id and carried.id_no = differing.id_no
order by subject.subject_id, link.record_id, link.role
