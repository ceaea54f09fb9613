-- The people of households of the population register, numbered within each.
select
    person.household_no,
    cast(row_number() over (partition by person.household_no order by person.person_id) as integer)
        as seq,
    person.id_no, person.name, population.address
from linked.person as person
left join clean.population as population on population.record_id = person.register_record_id
where list_contains($household_nos, person.household_no)
order by person.household_no, seq
