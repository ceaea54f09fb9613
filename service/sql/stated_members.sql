-- What civil affairs hold of the people of one case, in the words of the other registers.
select
    member.seq, member.name_raw, coalesce(member.id_no, member.id_no_text) as id_no,
    member.id_no_status, member.sex, member.birth_date, member.relation, member.member_kind,
    member.is_beneficiary, member.declared_income_yuan, member.authorised_date,
    household.scheme, household.township_code, household.address, household.monthly_amount_yuan,
    household.benefit_status, member.business_date, subject.person_grade
from clean.member as member
join clean.household as household on household.case_no = member.case_no
left join linked.subject as subject on subject.record_id = member.record_id
where list_contains($case_nos, member.case_no)
order by member.case_no, member.seq
