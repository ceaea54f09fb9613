"""What findings say, kept once for each different content."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Update, bindparam, func, select, update
from sqlalchemy.orm import Session

from casework import timeline
from casework.observation import SeenFinding
from casework.timeline import Seen
from store.runs import current_rows
from store.tables import FindingRow, FindingVersion, RunRow, Sighting


@dataclass(frozen=True, slots=True)
class _Version:
    """A version the ledger has: since which date, and the date of its newest places in files."""

    version_no: int
    first_run_no: int
    first_as_of: date
    newest_as_of: date


def keep_contents(
    session: Session, seen: Sequence[SeenFinding], run_no: int, as_of: date
) -> dict[int, Seen]:
    """Keep identity and content of what run ``run_no`` saw; the versions by ``finding_no``.

    Content seen before is not kept again; its newest places in files are.
    """
    numbers, known = _keep_identities(session, seen, run_no)
    wanted = {numbers[one.finding_id]: one for one in seen}
    hashes = {number: one.content_hash for number, one in wanted.items()}
    versions = _known_versions(session, known & wanted.keys(), hashes, as_of)
    new = [number for number in wanted if number not in versions]
    first_no = (session.scalar(select(func.max(FindingVersion.version_no))) or 0) + 1
    given = {number: first_no + place for place, number in enumerate(sorted(new))}
    timeline.add_all(
        session,
        FindingVersion,
        [
            _version_row(wanted[number], number, version_no, hashes[number], run_no)
            for number, version_no in given.items()
        ],
    )
    _note_places(
        session, {versions[n].version_no: (versions[n], wanted[n]) for n in versions}, run_no, as_of
    )
    given |= {number: version.version_no for number, version in versions.items()}
    return {n: Seen(given[n], one.evidence_hash) for n, one in wanted.items()}


def _keep_identities(
    session: Session, seen: Sequence[SeenFinding], run_no: int
) -> tuple[dict[str, int], set[int]]:
    """Numbers of all findings by id, and those that were there already."""
    rows = session.execute(select(FindingRow.finding_id, FindingRow.finding_no))
    numbers = dict(rows.tuples().all())
    known = set(numbers.values())
    highest = max(known, default=0)
    added = [one for one in seen if one.finding_id not in numbers]
    for place, one in enumerate(added, 1):
        numbers[one.finding_id] = highest + place
    timeline.add_all(
        session,
        FindingRow,
        [
            {
                "finding_no": numbers[one.finding_id],
                "finding_id": one.finding_id,
                "rule": one.rule,
                "direction": one.direction,
                "per": one.per,
                "case_no": one.case_no,
                "seq": one.seq,
                "household_no": one.household_no,
                "person_key": one.person_key,
                "period": one.period,
                "first_run_no": run_no,
            }
            for one in added
        ],
    )
    return numbers, known


def _known_versions(
    session: Session, known: Collection[int], hashes: Mapping[int, str], as_of: date
) -> dict[int, _Version]:
    """Versions with tonight's content: the nearest run saw most of them."""
    nearest = current_rows(session, as_of) or current_rows(session)
    found = _matching(session, known, hashes, nearest[-1].run_no) if nearest else {}
    return found | _matching(session, set(known) - found.keys(), hashes)


def _matching(
    session: Session,
    numbers: Collection[int],
    hashes: Mapping[int, str],
    seen_by: int | None = None,
) -> dict[int, _Version]:
    if not numbers:
        return {}
    query = select(
        FindingVersion.finding_no,
        FindingVersion.content_hash,
        FindingVersion.version_no,
        FindingVersion.first_run_no,
        FindingVersion.newest_run_no,
    )
    if seen_by is not None:
        query = query.join(
            Sighting,
            (Sighting.version_no == FindingVersion.version_no) & (Sighting.run_no == seen_by),
        )
    dates = dict(session.execute(select(RunRow.run_no, RunRow.as_of)).tuples().all())
    return {
        row.finding_no: _Version(
            row.version_no,
            row.first_run_no,
            dates[row.first_run_no],
            dates[row.newest_run_no or row.first_run_no],
        )
        for row in timeline.rows_of(session, query, FindingVersion.finding_no, numbers)
        if hashes[row.finding_no] == row.content_hash
    }


def _version_row(
    one: SeenFinding, finding_no: int, version_no: int, content_hash: str, run_no: int
) -> dict[str, object]:
    return {
        "version_no": version_no,
        "finding_no": finding_no,
        "content_hash": content_hash,
        "evidence_hash": one.evidence_hash,
        "grade": one.grade,
        "case_no": one.case_no,
        "seq": one.seq,
        "person_id_no": one.person_id_no,
        "person_name": one.person_name,
        "applicant_name": one.applicant_name,
        "township_code": one.township_code,
        "at_risk_fen": one.at_risk_fen,
        "evidence": one.evidence,
        "first_run_no": run_no,
    }


def _note_places(
    session: Session,
    versions: Mapping[int, tuple[_Version, SeenFinding]],
    run_no: int,
    as_of: date,
) -> None:
    """Keep the places of the newest night; of an older night than any, as the first ones."""
    newer, older = [], []
    for version_no, (version, one) in versions.items():
        if as_of < version.first_as_of:
            older.append((version_no, one))
        elif as_of >= version.newest_as_of and version.first_run_no != run_no:
            newer.append((version_no, one))
    if newer:
        session.execute(
            update(FindingVersion),
            [
                {"version_no": no, "newest_evidence": one.evidence, "newest_run_no": run_no}
                for no, one in newer
            ],
        )
    if older:
        session.connection().execute(
            _first_places(run_no), [{"no": no, "places": one.evidence} for no, one in older]
        )


def _first_places(run_no: int) -> Update:
    """Put places before a version's first ones, which become its newest where it has no newer."""
    table = FindingVersion
    return (
        update(table)
        .where(table.version_no == bindparam("no"))
        .values(
            newest_evidence=func.coalesce(table.newest_evidence, table.evidence),
            newest_run_no=func.coalesce(table.newest_run_no, table.first_run_no),
            evidence=bindparam("places"),
            first_run_no=run_no,
        )
    )
