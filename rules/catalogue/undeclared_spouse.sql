-- The newest marriage event of a counted adult leaves him or her married, and the spouse is no member of
-- the case (of either kind) and not certainly dead. A spouse whom a bad number keeps from being told
-- from a listed one, or who bears a member's name under another number: not checked.
select
    case_no, seq, record_id, role, grade as link_grade, true as verify_only, member_name, spouse_name,
    event, registered_date,
    case when likeness = 1 then 'not_checked' else 'found' end as answer,
    case when likeness = 1 then 'spouse_unidentified:' || cast(seq as varchar) end as reason
from shared.newest_marriage
where is_adult and is_married and likeness < 2 and not is_spouse_dead
order by case_no, seq, record_id, role
