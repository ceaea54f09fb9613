-- Subjects whose valid number is a stranger's by all that is known: the register has it under a name that agrees
-- with theirs in no way (nor does a former one), their own row has a birth date that agrees with the number's
-- neither in the year nor in the day, and no other department has the number under their name. That much
-- no marriage and no change of name explains.
with stated as (
    select
        subject.subject_id, subject.id_no, subject.name, subject.birth_date,
        try_cast(
            substr(subject.id_no, 7, 4) || '-' || substr(subject.id_no, 11, 2)
            || '-' || substr(subject.id_no, 13, 2) as date
        ) as number_birth_date
    from work.subject_row as subject
    anti join work.subject_by_number as known on known.subject_id = subject.subject_id
    where subject.birth_date is not null and subject.name is not null and subject.id_no is not null
),

doubtful as (
    select subject_id, id_no, name
    from stated
    where extract(year from birth_date) <> extract(year from number_birth_date)
        and strftime(birth_date, '%m%d') <> strftime(number_birth_date, '%m%d')
),

borne as (
    select
        doubtful.subject_id, doubtful.name, register.name as register_name, register.former_name
    from linked.register_row as register
    join doubtful on doubtful.id_no = register.id_no
),

explained as (
    select subject_id
    from borne
    where names_agree_code(name, register_name) is not null
        or names_agree_code(name, former_name) is not null
    union
    select doubtful.subject_id
    from work.unclear as record
    join doubtful on doubtful.id_no = record.id_no
    where record.dataset not like 'civil_affairs.%'
        and names_agree_code(doubtful.name, record.name) is not null
)

select distinct borne.subject_id
from borne
anti join explained on explained.subject_id = borne.subject_id
