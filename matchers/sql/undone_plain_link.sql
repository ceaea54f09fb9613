-- Plain links against which a person decided.
delete from linked.plain_link as link
where exists (
        select 1
        from work.excluded_pair as excluded
        where excluded.record_id = link.record_id
            and excluded.role = link.role
            and excluded.person_id = link.person_id
    )
    or exists (
        select 1
        from work.decided_link as decided
        where decided.record_id = link.record_id and decided.role = link.role
    )
