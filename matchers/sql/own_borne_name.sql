-- The names of persons whom the register does not know, as work.borne_name has all others.
select
    name,
    case
        when contains(name, '·') or length(name) >= 4
            then array_to_string(list_sort(string_split(replace(name, '·', ''), '')), '')
        else name
    end as name_key,
    count(*) as bearers
from linked.other_person
where register_record_id is null and name is not null
group by name
