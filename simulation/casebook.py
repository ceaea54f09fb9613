"""The books of social assistance: cases, members, applications, payments."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from simulation import columns, timeline
from simulation.cases import Application, Case, Caseload, Member
from simulation.places import Places, addresses, township_codes, village_codes
from simulation.population import People
from simulation.timeline import NEVER, Ints

HOUSEHOLDS: Final = "civil_affairs.households"
MEMBERS: Final = "civil_affairs.members"
APPLICATIONS: Final = "civil_affairs.applications"
PAYMENTS: Final = "civil_affairs.payments"


def visible_cases(caseload: Caseload, as_of: date) -> list[Case]:
    """Cases approved by ``as_of`` and not ended for more than two years."""
    on_day, now = timeline.day(as_of), timeline.month(as_of)
    return [case for case in caseload.cases if case.approved <= on_day and now < case.stop + 24]


def visible_members(case: Case, as_of: date) -> list[tuple[int, Member]]:
    """Members who have joined, each with the number of the row."""
    on_day = timeline.day(as_of)
    numbered = enumerate(case.members, start=1)
    return [(seq, member) for seq, member in numbered if member.joined <= on_day]


def households_table(people: People, where: Places, cases: list[Case], as_of: date) -> pa.Table:
    """The cases as of the evening; amounts are those of the newest paid month."""
    month = timeline.newest_month(PAYMENTS, as_of)
    status = [case.status(as_of) for case in cases]
    applicant = _whole(case.members[0].person for case in cases)
    counted = [[m for _, m in visible_members(c, as_of) if m.kind == "1"] for c in cases]
    township = _whole(case.township for case in cases)
    village = _whole(case.village for case in cases)
    door = _whole(case.door for case in cases)
    who = pa.array(applicant)
    grace = zip(cases, status, strict=True)
    incomes = [sum(member.declared or 0 for member in members) for members in counted]
    return columns.table(
        HOUSEHOLDS,
        {
            "救助证号": [case.case_no for case in cases],
            "救助类型": [case.scheme for case in cases],
            "申请人姓名": people.name.take(who),
            "申请人身份证号": _numbers(people, [case.members[0] for case in cases]),
            "乡镇街道代码": township_codes(where, township),
            "村居代码": village_codes(where, township, village),
            "家庭人口数": [len(members) for members in counted],
            "保障人口数": [sum(m.is_beneficiary for m in members) for members in counted],
            "申报家庭月收入": columns.yuan(_whole(incomes)),
            "月保障金额": columns.yuan(_whole(case.amount(month) for case in cases)),
            "批准日期": columns.dates(_whole(case.approved for case in cases)),
            "待遇起始月": columns.months(_whole(case.start for case in cases)),
            "待遇状态": status,
            "渐退截止月": columns.months(
                _whole(case.grace_end if state == "3" else NEVER for case, state in grace)
            ),
            "停发月份": columns.months(
                _whole(c.stop if s == "2" else NEVER for c, s in zip(cases, status, strict=True))
            ),
            "最近入户日期": columns.dates(_whole(_round(c.visits, as_of) for c in cases)),
            "最近核对日期": columns.dates(_whole(_round(c.checks, as_of) for c in cases)),
            "公示日期": columns.dates(_whole(case.published for case in cases)),
            "家庭住址": addresses(where, township, village, door),
            "联系电话": columns.joined("1990", columns.digits(applicant * 7_919 % 10**7, 7)),
            "_person": pa.array(applicant),
            "_delivered": _evening(len(cases), as_of),
        },
    )


def _round(rounds: tuple[int, int], as_of: date) -> int:
    """The newest visit or check on or before the evening."""
    first, every = rounds
    if first >= NEVER or not every:
        return first
    return first + max(timeline.day(as_of) - first, 0) // every * every


def _whole(values: Any) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _evening(count: int, as_of: date) -> pa.Array:
    return columns.dates(np.full(count, timeline.day(as_of)))


def _numbers(people: People, members: Sequence[Member]) -> pa.Array:
    """The identity numbers that the rows carry."""
    written = _whole(m.person if m.written is None else m.written for m in members)
    return people.id_no.take(pa.array(np.maximum(written, 0), mask=written < 0))


def members_table(people: People, cases: list[Case], as_of: date) -> pa.Table:
    """One row a member of the cases shown."""
    rows = [(case, *row) for case in cases for row in visible_members(case, as_of)]
    members = [member for *_, member in rows]
    person = _whole(member.person for member in members)
    return columns.table(
        MEMBERS,
        {
            "救助证号": [case.case_no for case, *_ in rows],
            "序号": [seq for _, seq, _ in rows],
            **_person_columns(people, members, as_of),
            "性别": columns.coded(["1", "2"], people.sex[person] - 1),
            "出生日期": columns.dates(people.birth[person]),
            "是否保障对象": [member.is_beneficiary for member in members],
            "残疾类别": [member.disability_kind for member in members],
            "在校标志": [member.in_school for member in members],
            "_delivered": _evening(len(rows), as_of),
        },
    )


def _person_columns(people: People, members: list[Member], as_of: date) -> dict[str, Any]:
    """What a member and an applicant's relative have in common."""
    person = _whole(member.person for member in members)
    on_day = timeline.day(as_of)
    signed = (m.authorised if m.authorised <= on_day else NEVER for m in members)
    declared = [member.declared for member in members]
    blank = np.array([amount is None for amount in declared], dtype=bool)
    return {
        "姓名": people.name.take(pa.array(person)),
        "身份证号": _numbers(people, members),
        "与申请人关系": [member.relation for member in members],
        "成员类别": [member.kind for member in members],
        "残疾等级": [member.disability_level for member in members],
        "重病标志": [member.is_ill for member in members],
        "劳动能力": [member.labour for member in members],
        "申报月收入": columns.yuan(_whole(amount or 0 for amount in declared), blank),
        "授权书签署日期": columns.dates(_whole(signed)),
        "_person": pa.array(person),
    }


def visible_applications(caseload: Caseload, as_of: date) -> list[Application]:
    """Applications under way on the evening."""
    on_day = timeline.day(as_of)
    return [one for one in caseload.applications if one.applied <= on_day < one.decided]


def applications_table(
    people: People, where: Places, applications: list[Application], as_of: date
) -> pa.Table:
    """One row a person of each application under way."""
    rows = [
        (application, seq, member)
        for application in applications
        for seq, member in enumerate(application.members, start=1)
        if people.birth[member.person] <= application.applied
    ]
    members = [member for *_, member in rows]
    return columns.table(
        APPLICATIONS,
        {
            "申请号": [application.application_no for application, *_ in rows],
            "救助类型": [application.scheme for application, *_ in rows],
            "申请日期": columns.dates(_whole(application.applied for application, *_ in rows)),
            "乡镇街道代码": township_codes(where, _whole(one.township for one, *_ in rows)),
            "序号": [seq for _, seq, _ in rows],
            **_person_columns(people, members, as_of),
            "_delivered": _evening(len(rows), as_of),
        },
    )


def payments_table(people: People, caseload: Caseload, as_of: date) -> pa.Table:
    """Fourteen months of payments, one row a case and month unless planted otherwise."""
    newest = timeline.newest_month(PAYMENTS, as_of)
    months = range(newest - timeline.MONTHS_OF_HISTORY + 1, newest + 1)
    rows = [
        (case, number, month, place, amount)
        for number, case in enumerate(caseload.cases)
        for month in months
        for place, amount in enumerate(_paid(case, month))
    ]
    person = _whole(case.members[0].person for case, *_ in rows)
    paid_month = _whole(month for *_, month, _, _ in rows)
    serial = _whole(number * 10 + place for _, number, _, place, _ in rows)
    return columns.table(
        PAYMENTS,
        {
            "发放流水号": columns.joined(
                "FF", columns.digits(paid_month, 5), columns.digits(serial, 8)
            ),
            "救助证号": [case.case_no for case, *_ in rows],
            "救助类型": [case.scheme for case, *_ in rows],
            "领款人姓名": people.name.take(pa.array(person)),
            "领款人身份证号": people.id_no.take(pa.array(person)),
            "发放月份": columns.months(paid_month),
            "发放金额": columns.yuan(np.array([amount for *_, amount in rows], dtype=np.float64)),
            "_person": pa.array(person),
            "_delivered": columns.dates(timeline.handed_over(PAYMENTS, paid_month)),
        },
    )


def _paid(case: Case, month: int) -> list[float]:
    if timeline.day(timeline.first_of_month(month)) <= case.approved - 31:
        return []
    planned = case.payments.get(month)
    if planned is not None:
        return planned
    runs_on = case.stop <= month < case.stop + case.paid_after_stop
    due = case.amount(month) if runs_on else case.due(month)
    return [float(due)] if due > 0 else []
