-- The people of cases or applications: whom a look at them shows. The number is the valid one of the row,
-- else the one found in the population register.
with asked as (
    select unnest($case_nos) as case_no
),

stated as (
    select
        member.case_no, member.seq, member.record_id, member.id_no, member.name_raw,
        member.relation, household.address
    from asked
    join clean.member as member on member.case_no = asked.case_no
    join clean.household as household on household.case_no = member.case_no
    union all
    select
        application.application_no as case_no, application.seq, application.record_id,
        application.id_no, application.name_raw, application.relation,
        cast(null as varchar) as address
    from asked
    join clean.application as application on application.application_no = asked.case_no
)

select
    stated.case_no, stated.seq, coalesce(stated.id_no, person.id_no) as id_no, stated.name_raw,
    coalesce(stated.address, population.address) as address, stated.relation
from stated
left join linked.subject as subject on subject.record_id = stated.record_id
left join linked.person as person on person.person_id = subject.person_id
left join clean.population as population on population.record_id = person.register_record_id
order by stated.case_no, stated.seq
