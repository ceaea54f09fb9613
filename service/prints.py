"""Slips handed out as files: made, remembered by their hash, and verified again."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import select

from domain.errors import HeduiError
from reports.check_slip import Slip, content_hash
from reports.slip_pdf import slip_pdf
from store.ledger import Ledger
from store.service_tables import CheckRow, SlipPrint

MOST_BYTES: Final = 20 << 20


def print_slip(ledger: Ledger, slip: Slip) -> bytes:
    """The slip as PDF; the file's hash is in the ledger before it is handed out."""
    made = slip_pdf(slip)
    digest = hashlib.sha256(made).hexdigest()
    with ledger.writing() as session:
        if session.get(SlipPrint, digest) is None:
            session.add(SlipPrint(file_sha256=digest, slip_no=slip["slip_no"]))
    return made


def verify_slip(ledger: Ledger, path: Path, *, today: date) -> CheckRow:
    """The check of an untouched slip file, PDF or JSON.

    Raises HeduiError: ``slip_unreadable`` (no slip of ours), ``slip_unknown`` (its number is not in
    the ledger), ``slip_differs`` (changed since), ``slip_expired``.
    """
    try:
        content = path.read_bytes()[:MOST_BYTES]
    except OSError as error:
        raise HeduiError("slip_unreadable", file=path.name) from error
    with ledger.reading() as session:
        printed = session.get(SlipPrint, hashlib.sha256(content).hexdigest())
        claimed = printed.slip_no if printed else _claimed_number(content, path)
        row = session.scalar(select(CheckRow).where(CheckRow.slip_no == claimed))
    if row is None:
        raise HeduiError("slip_unknown", slip_no=claimed)
    if printed is None and not _is_same_json(content, row):
        raise HeduiError("slip_differs", slip_no=claimed)
    if row.valid_until < today:
        raise HeduiError("slip_expired", slip_no=claimed, valid_until=row.valid_until)
    return row


def _claimed_number(content: bytes, path: Path) -> str:
    """The number a file says it has: in the PDF's keywords, or in the JSON."""
    if content.startswith(b"%PDF"):
        _, found, rest = content.partition(b"/Keywords")
        number = rest[:60].decode("latin-1").partition("(")[2].partition(")")[0]
        if found and number.startswith("HD"):
            return number
    else:
        read = _json(content)
        if read is not None and isinstance(read.get("slip_no"), str):
            return str(read["slip_no"])
    raise HeduiError("slip_unreadable", file=path.name)


def _is_same_json(content: bytes, row: CheckRow) -> bool:
    read = None if content.startswith(b"%PDF") else _json(content)
    if read is None:
        return False
    return content_hash(read) == row.content_hash == read.get("content_hash")


def _json(content: bytes) -> Slip | None:
    try:
        read = json.loads(content)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None
