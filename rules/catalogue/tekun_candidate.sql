-- 低保 cases (11, 12) with one living counted member, aged 60 or over or under 16, with no legal
-- supporter listed and not married by the marriage register: candidates for 特困供养.
select
    case_no,
    record_id,
    case when age is null then 'not_checked' else 'found' end as answer,
    case when age is null then 'age_unknown:' || cast(seq as varchar) end as reason,
    true as verify_only,
    member_name,
    member_birth_date
from shared.lone_member
where (age >= 60 or age < 16 or age is null) and not has_supporter and not is_married
order by case_no
