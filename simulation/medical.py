"""The registers of medical insurance: who is enrolled, and what was settled."""

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from simulation import columns, facts, timeline
from simulation.cases import Caseload
from simulation.chance import happens, one_of, stream
from simulation.columns import coded, digits, joined
from simulation.employment import Jobs
from simulation.facts import Bill, Enrolment
from simulation.population import People
from simulation.timeline import Floats, Ints

ENROLMENT: Final = "medical_insurance.enrolment"
SETTLEMENTS: Final = "medical_insurance.settlements"
_SETTLED_A_MONTH: Final = 0.125
_EMPLOYEES: Final = 8
_HOSPITALS: Final = (
    "示范区人民医院",
    "示范区中医医院",
    "示范区妇幼保健院",
    "和平街道社区卫生服务中心",
    "青石镇卫生院",
    "柳林镇卫生院",
    "省立医院",
)
_DISEASES: Final = (
    "上呼吸道感染",
    "高血压",
    "2型糖尿病",
    "冠心病",
    "脑梗死",
    "慢性阻塞性肺疾病",
    "腰椎间盘突出",
    "骨折",
    "胆囊结石",
    "白内障",
    "肺炎",
    "慢性肾功能衰竭",
    "恶性肿瘤",
)
_SERIOUS: Final = 11
_AIDED: Final = {"21": 1, "22": 1, "23": 1, "11": 2, "12": 2, "31": 3}


def enrolment_table(
    people: People,
    caseload: Caseload,
    jobs: Jobs,
    planted: dict[int, Enrolment],
    as_of: date,
    seed: int,
) -> pa.Table:
    """Enrolments as the newest extract shows them: of about nineteen in twenty people."""
    extract = timeline.extract_date(ENROLMENT, as_of)
    on_day, month = timeline.day(extract), timeline.month(extract)
    rng = stream(seed, "enrolment")
    count = len(people.birth)
    sure = facts.listed(count, listed_persons(caseload, extract))
    has_one = happens(rng, np.where(sure, 0.994, 0.958), count)
    lapsed = one_of(rng, (0.985, 0.008, 0.007), count)
    here = (people.left > on_day) | (people.returned <= on_day)
    gone = people.death + 30 <= on_day
    who = people.is_alive(on_day - 400) & (people.birth <= on_day - 40) & here & has_one
    employed = np.zeros(count, dtype=bool)
    insured = jobs.runs(month) & ((jobs.insurances & _EMPLOYEES) > 0)
    employed[jobs.person[insured]] = True
    aid = _aid(people, caseload, extract, rng)
    kind = np.where(employed, 0, 1)
    status = np.where(gone, 2, np.where(sure, 0, lapsed))
    _plant(planted, who, kind, status, aid)
    who &= people.birth <= on_day  # planted on a child who is still to come
    rows = np.flatnonzero(who)
    return columns.table(
        ENROLMENT, _enrolled(people, rows, kind[rows], status[rows], aid[rows], on_day)
    )


def _plant(planted: dict[int, Enrolment], who: Any, kind: Ints, status: Ints, aid: Ints) -> None:
    for person, enrolment in planted.items():
        who[person] = enrolment.insurance is not None
        kind[person] = 0 if enrolment.insurance == "310" else 1
        status[person] = ("1", "2", "4").index(enrolment.status)
        aid[person] = -1 if enrolment.aid is None else int(enrolment.aid)


def listed_persons(caseload: Caseload, on: date) -> set[int]:
    """Counted members of the cases that are active on a day."""
    active = (case for case in caseload.cases if _is_active(case.status(on), case.approved, on))
    return {member.person for case in active for member in case.counted}


def _is_active(status: str, approved: int, on: date) -> bool:
    return status != "2" and approved <= timeline.day(on)


def _aid(people: People, caseload: Caseload, on: date, rng: np.random.Generator) -> Ints:
    """Whose premium the state pays: those on a scheme, the monitored, the severely disabled."""
    count = len(people.birth)
    aid = np.where(happens(rng, 0.55, count), 0, -1)
    others = one_of(rng, (0.9975, 0.0009, 0.0016), count)
    aid = np.where(others == 1, 4, np.where(others == 2, 5, aid))
    slips = happens(rng, 0.008, count)
    for case in caseload.cases:
        if not _is_active(case.status(on), case.approved, on):
            continue
        for member in case.counted:
            code = _AIDED.get(case.scheme)
            if code is not None and member.is_beneficiary and not slips[member.person]:
                aid[member.person] = code
    return aid


def _enrolled(
    people: People, rows: Ints, kind: Ints, status: Ints, aid: Ints, on_day: int
) -> dict[str, Any]:
    who = pa.array(rows)
    since = np.maximum(people.birth[rows] + 30, 13_500 + rows * 7 % 6_000)
    firm = coded(
        ["示范区参保单位" + str(number) for number in range(200)],
        np.where(kind == 0, rows % 200, -1),
    )
    return {
        "psn_no": joined("99010200", digits(rows * 7_919 % 10**10 + 10**10, 11)),
        "certno": people.id_no.take(who),
        "psn_name": people.name.take(who),
        "gend": coded(["1", "2"], people.sex[rows] - 1),
        "brdy": columns.dates(people.birth[rows]),
        "insutype": coded(["310", "390"], kind),
        "emp_name": firm,
        "psn_insu_stas": coded(["1", "2", "4"], status),
        "psn_insu_date": columns.dates(np.minimum(since, on_day)),
        "aid_type": coded([str(number) for number in range(6)], np.where(kind == 0, -1, aid)),
        "_person": pa.array(people.true_person(rows)),
        "_delivered": columns.dates(np.full(len(rows), on_day)),
    }


def settlements_table(
    people: People, poor: set[int], planted: list[Bill], as_of: date, seed: int
) -> pa.Table:
    """Settlements of fourteen months, day by day, each month from its own stream."""
    weights = _propensity(people, poor, seed)
    is_poor = facts.listed(len(people.birth), poor)
    newest = timeline.month(as_of)
    months = range(newest - timeline.MONTHS_OF_HISTORY, newest + 1)
    tables = [_month_table(people, weights, is_poor, month, as_of, seed) for month in months]
    first = timeline.day(timeline.first_of_month(months[0]))
    bills = [bill for bill in planted if first <= bill.day <= timeline.day(as_of)]
    return pa.concat_tables([*tables, _planted_table(people, planted, bills, as_of)])


def _propensity(people: People, poor: set[int], seed: int) -> Floats:
    """How much oftener than others each person is ill, added up over the people."""
    age = people.age(timeline.day(date(2026, 6, 1)))
    rate = 0.5 + 0.8 * (age < 7) + 0.02 * np.maximum(age - 35, 0)
    rate *= np.exp(0.8 * stream(seed, "illness").standard_normal(len(age)))
    rate[(people.prosperity == 0) & ~facts.listed(len(age), poor)] = 0
    return np.cumsum(rate)


def _month_table(
    people: People, weights: Floats, is_poor: Any, month: int, as_of: date, seed: int
) -> pa.Table:
    rng = stream(seed, "settlements", month)
    count = int(people.residents * _SETTLED_A_MONTH)
    person = np.searchsorted(weights, rng.random(count) * weights[-1], side="right")
    person = np.minimum(person, people.residents - 1)
    begin = timeline.day(timeline.first_of_month(month))
    days = begin + rng.integers(0, timeline.day(timeline.first_of_month(month + 1)) - begin, count)
    care = one_of(rng, (0.76, 0.12, 0.113, 0.007), count)
    serious = (care == 2) & happens(rng, 0.06, count)
    level = np.array([5.1, 5.7, 8.75, 8.9])[care] + 1.25 * serious
    spread = np.array([0.7, 0.6, 0.75, 0.3])[care]
    total = np.exp(level + spread * rng.standard_normal(count)).round(2)
    fund = (total * (0.45 + 0.35 * rng.random(count) * (care > 0) + 0.1 * (care == 2))).round(2)
    own = (total - fund).round(2)
    assisted = np.where(is_poor[person], own * (0.35 + 0.45 * rng.random(count)), 0).round(2)
    outside = (own * 0.3 * rng.random(count)).round(2)
    back = np.flatnonzero(happens(rng, 0.006, count))
    again = np.r_[np.arange(count), back]
    sign = np.r_[np.ones(count), -np.ones(len(back))]
    days = np.r_[days, days[back] + rng.integers(0, 6, len(back))]
    alive = people.is_alive(begin)[person[again]] & (people.death[person[again]] >= days)
    rows = np.flatnonzero(alive & (days <= timeline.day(as_of)))
    of = again[rows]
    serial = (month - 24_000) * 10**8 + rows
    return _settled(
        people,
        person[of],
        days[rows],
        sign[rows],
        care[of],
        serious[of],
        (total[of], fund[of], own[of], assisted[of], outside[of]),
        serial,
        as_of,
    )


def _planted_table(people: People, planted: list[Bill], bills: list[Bill], as_of: date) -> pa.Table:
    place = {id(bill): number for number, bill in enumerate(planted)}
    serial = np.array([9 * 10**11 + place[id(bill)] for bill in bills], dtype=np.int64)
    own = np.abs(facts.real(bills, "own"))
    sign = np.array([-1.0 if bill.is_takeback else 1.0 for bill in bills], dtype=np.float64)
    zero = np.zeros(len(bills), dtype=np.int64)
    amounts = (own * 2.5, own * 1.5, own, np.abs(facts.real(bills, "assisted")), own * 0.1)
    return _settled(
        people,
        facts.whole(bills, "person"),
        facts.whole(bills, "day"),
        sign,
        zero + 2,
        zero.astype(bool),
        amounts,
        serial,
        as_of,
    )


def _settled(
    people: People,
    person: Ints,
    days: Ints,
    sign: Floats,
    care: Ints,
    serious: Any,
    amounts: tuple[Floats, Floats, Floats, Floats, Floats],
    serial: Ints,
    as_of: date,
) -> pa.Table:
    who = pa.array(person)
    total, fund, own, assisted, outside = (amount * sign for amount in amounts)
    disease = np.where(serious, _SERIOUS + serial % 2, serial * 31 % _SERIOUS)
    return columns.table(
        SETTLEMENTS,
        {
            "setl_id": joined("S", digits(serial, 12)),
            "certno": people.id_no.take(who),
            "psn_name": people.name.take(who),
            "setl_time": columns.dates(days),
            "refd_setl_flag": pa.array(sign < 0),
            "med_type": coded(["11", "14", "21", "52"], care),
            "dise_name": coded(_DISEASES, disease),
            "serious_flag": pa.array(np.asarray(serious, dtype=bool)),
            "medfee_sumamt": columns.yuan(total),
            "fund_pay_sumamt": columns.yuan(fund),
            "maf_pay": columns.yuan(assisted, assisted == 0),
            "psn_part_amt": columns.yuan(own),
            "fulamt_ownpay_amt": columns.yuan(outside),
            "fixmedins_name": coded(_HOSPITALS, serial * 17 % len(_HOSPITALS)),
            "_person": pa.array(people.true_person(person)),
            "_delivered": columns.dates(timeline.evening_of(days, as_of)),
        },
    )
