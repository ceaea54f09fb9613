-- is_latin(name): whether a folded name is in Latin letters (domain.latin).
regexp_full_match(name, '[a-z]+(·[a-z]+)*')
