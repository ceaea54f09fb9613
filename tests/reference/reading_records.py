"""Directions `data` and `supervision`, read plainly."""

from datetime import date

from reading_calendar import months_before
from reading_night import Night, Row
from reading_over import member_key
from reading_verdict import FLAG, Found, Key, Verdict

UNUSABLE = ("malformed", "check_digit", "date", "placeholder", "absent", "scientific")


def identity_mismatch(night: Night, case: Row) -> Verdict:
    return Verdict(
        [
            Found(member_key(member), FLAG)
            for member in night.members[case["case_no"]]
            if member.row["id_no_status"] in UNUSABLE
            or _is_organisation(member.row)
            or _bears_another_name(night, member.row, member.person_id)
            or _is_shared(night, member.row, member.person_id)
        ]
    )


def _is_organisation(row: Row) -> bool:
    """Eighteen characters that could be an organisation's code: of a person, a slipped number."""
    return row["id_no_status"] == "other_document" and len(row.get("id_no_text") or "") == 18


def _bears_another_name(night: Night, row: Row, person_id: int) -> bool:
    """The register has the number, and nobody there under it is this person."""
    people = [
        night.person_of_record[one["record_id"], "resident"]["person_id"]
        for one in night.rows("clean.population")
        if row.get("id_no") and one.get("id_no") == row["id_no"]
    ]
    return bool(people) and person_id not in people


def _is_shared(night: Night, row: Row, person_id: int) -> bool:
    return any(
        one.get("id_no") == row["id_no"]
        and night.subjects[one["record_id"]]["person_id"] != person_id
        for one in night.rows("clean.member")
        if row.get("id_no")
    )


def _overdue(night: Night, case: Row, column: str, parameter: str) -> Verdict:
    last: date | None = case.get(column)
    if last is None and f"{column}:unreadable" in (case.get("remarks") or ()):
        return Verdict(is_unknown=True)
    limit = months_before(night.as_of, int(night.policy(case)[parameter]))
    return Verdict([Found(Key(case["case_no"]), FLAG)] if last is None or last <= limit else [])


def visit_overdue(night: Night, case: Row) -> Verdict:
    return _overdue(night, case, "last_visit_date", "visit.max_age_months")


def check_overdue(night: Night, case: Row) -> Verdict:
    return _overdue(night, case, "last_check_date", "check.max_age_months")


def not_published(night: Night, case: Row) -> Verdict:
    if case.get("published_date") is not None:
        return Verdict()
    if "published_date:unreadable" in (case.get("remarks") or ()):
        return Verdict(is_unknown=True)
    return Verdict([Found(Key(case["case_no"]), FLAG)])


def not_authorised(night: Night, case: Row) -> Verdict:
    verdict = Verdict()
    for member in night.members[case["case_no"]]:
        signed = member.row.get("authorised_date")
        if signed is not None and signed <= night.as_of:
            continue
        is_unreadable = "authorised_date:unreadable" in (member.row.get("remarks") or ())
        if member.age is None or (is_unreadable and member.age >= 18):
            verdict.is_unknown = True
        elif member.age >= 18:
            verdict.found.append(Found(member_key(member), FLAG))
    return verdict
