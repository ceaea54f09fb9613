-- What a record says of whom, as one text a person's decision is bound to: who it names, and which
-- record of the register it is. Only the records in work.value_wanted.
with keyed as (
    select record_id, plate_kind || ' ' || plate as record_key from clean.vehicle
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, unit_no as record_key from clean.property
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, contract_no as record_key from clean.presale
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, insurance || ' ' || coalesce(employer_no, '') as record_key
    from clean.contribution
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, insurance as record_key from clean.pension
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, cast(start_month as varchar) as record_key from clean.unemployment_benefit
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, psn_no as record_key from clean.enrolment
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, settlement_no as record_key from clean.settlement
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, registration_no as record_key from clean.marriage
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, cremation_no as record_key from clean.cremation
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, aid_no as record_key from clean.temporary_assistance
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, case_no as record_key from clean.payment
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, case_no as record_key from clean.household
    where record_id in (select record_id from work.value_wanted)
    union all
    select record_id, register_no as record_key from clean.population
    where record_id in (select record_id from work.value_wanted)
),

spoken as (
    select record_id, dataset, role, name, name_raw, id_no, id_text, sex, birth_date
    from clean.mention
    where not is_set_aside and record_id in (select record_id from work.value_wanted)
)

select
    mention.record_id, mention.dataset, mention.role, mention.name,
    sha256(concat_ws(
        '|',
        mention.dataset, mention.role, keyed.record_key,
        coalesce(mention.id_no, mention.id_text, ''), coalesce(mention.name_raw, ''),
        coalesce(mention.sex, ''), coalesce(cast(mention.birth_date as varchar), '')
    )) as record_hash
from spoken as mention
join work.value_wanted as wanted
    on wanted.record_id = mention.record_id
    and wanted.dataset = mention.dataset
    and wanted.role = mention.role
join keyed on keyed.record_id = mention.record_id
