-- The tables that rules read, empty, as docs/reference/tables.md has them. For the cases beside the rules
-- (rules/casetest.py); a run has the real ones. A test holds this file to sources/contracts.

create schema if not exists clean;
create schema if not exists linked;
create schema if not exists judged;

-- civil_affairs.households
create or replace table clean.household (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    case_no varchar, scheme varchar, applicant_name varchar, applicant_name_raw varchar,
    applicant_id_no varchar, applicant_id_no_raw varchar, applicant_id_no_text varchar,
    applicant_id_no_status varchar, township_code varchar, village_code varchar,
    household_size integer, beneficiary_count integer, declared_income_yuan decimal(14,2),
    monthly_amount_yuan decimal(14,2), approved_date date, benefit_start_month date,
    benefit_status varchar, grace_end_month date, stop_month date, last_visit_date date,
    last_check_date date, published_date date, address varchar, phone varchar
);

-- civil_affairs.members
create or replace table clean.member (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    case_no varchar, seq integer, name varchar, name_raw varchar, id_no varchar,
    id_no_raw varchar, id_no_text varchar, id_no_status varchar, sex varchar, birth_date date,
    relation varchar, member_kind varchar, is_beneficiary boolean, disability_kind varchar,
    disability_level integer, is_seriously_ill boolean, labour varchar, is_in_school boolean,
    declared_income_yuan decimal(14,2), authorised_date date
);

-- civil_affairs.applications
create or replace table clean.application (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    application_no varchar, scheme varchar, applied_date date, township_code varchar, seq integer,
    name varchar, name_raw varchar, id_no varchar, id_no_raw varchar, id_no_text varchar,
    id_no_status varchar, relation varchar, member_kind varchar, disability_level integer,
    is_seriously_ill boolean, labour varchar, declared_income_yuan decimal(14,2),
    authorised_date date
);

-- civil_affairs.payments
create or replace table clean.payment (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    payment_no varchar, case_no varchar, scheme varchar, name varchar, name_raw varchar,
    id_no varchar, id_no_raw varchar, id_no_text varchar, id_no_status varchar, paid_month date,
    paid_yuan decimal(14,2)
);

-- civil_affairs.temporary_assistance
create or replace table clean.temporary_assistance (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    aid_no varchar, name varchar, name_raw varchar, id_no varchar, id_no_raw varchar,
    id_no_text varchar, id_no_status varchar, township_code varchar, hardship varchar,
    approved_date date, aid_yuan decimal(14,2)
);

-- civil_affairs.cremations
create or replace table clean.cremation (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    cremation_no varchar, name varchar, name_raw varchar, id_no varchar, id_no_raw varchar,
    id_no_text varchar, id_no_status varchar, sex varchar, death_date date, cremation_date date
);

-- civil_affairs.marriages
create or replace table clean.marriage (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    registration_no varchar, event varchar, registered_date date, husband_name varchar,
    husband_name_raw varchar, husband_id_no varchar, husband_id_no_raw varchar,
    husband_id_no_text varchar, husband_id_no_status varchar, wife_name varchar,
    wife_name_raw varchar, wife_id_no varchar, wife_id_no_raw varchar, wife_id_no_text varchar,
    wife_id_no_status varchar
);

-- public_security.population
create or replace table clean.population (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    register_no varchar, id_no varchar, id_no_raw varchar, id_no_text varchar,
    id_no_status varchar, name varchar, name_raw varchar, former_name varchar,
    former_name_raw varchar, sex varchar, ethnicity varchar, birth_date date,
    household_no varchar, relation varchar, residence_kind varchar, division_code varchar,
    township_code varchar, village_code varchar, address varchar, person_status varchar,
    status_date date, moved_to varchar
);

-- public_security.vehicles
create or replace table clean.vehicle (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    plate varchar, plate_kind varchar, vehicle_class varchar, make varchar, vin varchar,
    name varchar, name_raw varchar, id_no varchar, id_no_raw varchar, id_no_text varchar,
    id_no_status varchar, vehicle_use varchar, first_registered_date date,
    inspection_valid_date date, scrap_due_date date, vehicle_status varchar, status_date date
);

-- housing.properties
create or replace table clean.property (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    unit_no varchar, name varchar, name_raw varchar, id_no varchar, id_no_raw varchar,
    id_no_text varchar, id_no_status varchar, tenure varchar, owner_share decimal(14,4),
    house_use varchar, area_m2 decimal(14,4), address varchar, registered_date date,
    title_status varchar, status_date date
);

-- housing.presales
create or replace table clean.presale (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    contract_no varchar, name varchar, name_raw varchar, id_no varchar, id_no_raw varchar,
    id_no_text varchar, id_no_status varchar, address varchar, house_use varchar,
    area_m2 decimal(14,4), price_yuan decimal(14,2), signed_date date, contract_status varchar
);

-- human_resources.contributions
create or replace table clean.contribution (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    id_no varchar, id_no_raw varchar, id_no_text varchar, id_no_status varchar, name varchar,
    name_raw varchar, employer_no varchar, employer_name varchar, insurance varchar, month date,
    insured_as varchar, wage_yuan decimal(14,2), base_yuan decimal(14,2), is_paid boolean
);

-- human_resources.pensions
create or replace table clean.pension (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    id_no varchar, id_no_raw varchar, id_no_text varchar, id_no_status varchar, name varchar,
    name_raw varchar, insurance varchar, start_month date, pension_yuan decimal(14,2),
    payment_status varchar
);

-- human_resources.unemployment_benefits
create or replace table clean.unemployment_benefit (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    id_no varchar, id_no_raw varchar, id_no_text varchar, id_no_status varchar, name varchar,
    name_raw varchar, start_month date, end_month date, benefit_yuan decimal(14,2)
);

-- medical_insurance.enrolment
create or replace table clean.enrolment (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    psn_no varchar, id_no varchar, id_no_raw varchar, id_no_text varchar, id_no_status varchar,
    name varchar, name_raw varchar, sex varchar, birth_date date, insurance varchar,
    employer_name varchar, enrolment_status varchar, enrolled_date date, premium_aid varchar
);

-- medical_insurance.settlements
create or replace table clean.settlement (
    record_id bigint, business_date date, file_name varchar, row_no integer, remarks varchar[],
    settlement_no varchar, id_no varchar, id_no_raw varchar, id_no_text varchar,
    id_no_status varchar, name varchar, name_raw varchar, settled_date date, is_takeback boolean,
    care_kind varchar, disease varchar, is_serious boolean, total_yuan decimal(14,2),
    fund_yuan decimal(14,2), assistance_yuan decimal(14,2), own_yuan decimal(14,2),
    outside_list_yuan decimal(14,2), institution varchar
);

create or replace table clean.set_aside (
    dataset varchar, record_id bigint, business_date date, file_name varchar, row_no integer,
    reason varchar, header varchar, raw_text varchar, case_no varchar
);

create or replace table clean.source_status (
    dataset varchar, agency varchar, agency_zh varchar, title varchar, state varchar,
    data_date date, reason varchar, rows_delivered bigint, rows_accepted bigint,
    rows_set_aside bigint, rows_repeated bigint
);

create or replace table linked.person (
    person_id bigint, person_key varchar, id_no varchar, name varchar, former_name varchar,
    sex varchar, birth_date date, register_record_id bigint, household_no varchar,
    relation varchar, residence_kind varchar, township_code varchar, person_status varchar,
    status_date date
);

create or replace table linked.subject (
    subject_id bigint, kind varchar, case_no varchar, seq integer, record_id bigint,
    person_id bigint, person_grade varchar, why varchar
);

create or replace table linked.person_record (
    record_id bigint, dataset varchar, role varchar, person_id bigint, grade varchar,
    score double, why varchar
);

create or replace table linked.subject_record (
    record_id bigint, dataset varchar, role varchar, subject_id bigint, grade varchar,
    score double, why varchar
);

create or replace table linked.review_pair (
    record_id bigint, dataset varchar, role varchar, subject_id bigint, score double, why varchar
);

create or replace table linked.unchecked (dataset varchar, person_id bigint, reason varchar);
