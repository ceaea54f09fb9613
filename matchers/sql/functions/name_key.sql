-- name_key(name): a name as it is looked up: of a name of several parts its characters whatever their order and the
-- dot between them. Without its dot a name of several parts has four characters or more.
case
    when contains(name, '·') or length(name) >= 4
        then array_to_string(list_sort(string_split(replace(name, '·', ''), '')), '')
    else name
end
