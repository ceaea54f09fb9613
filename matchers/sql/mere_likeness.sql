-- Records and persons whose Latin names are no more than alike (domain/latin.py), with nothing else the same that two
-- people hardly share: neither day of birth, number, address, case nor family. Many a stranger in Latin letters is in no
-- register at all, and one letter and a township do not tell her from who lives there: a person looks at these.
select record.record_id, record.dataset, record.role, pair.person_id
from work.scored_pair as pair
join work.open_record as record on record.saying_id = pair.saying_id
where pair.name_level in ('latin_slip', 'latin_slips', 'latin_short')
    and pair.birth_level <> 'same'
    and pair.number_level <> 'repaired'
    and pair.address_level <> 'same'
    and pair.case_level <> 'same'
    and pair.kin_level <> 'same'
