"""When a held delivery may be used after all: whose signatures it needs, and which it has."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from domain.characters import compact
from domain.errors import HeduiError
from sources.verdict import DeliveryState, JudgedDelivery, Reason
from store.releases import Release

_HALF: Final = 50  # per cent of a quantity
_WHOLE_CHANGES: Final = frozenset(
    {"size_fell", "size_grew", "people_changed", "names_changed", "checks_failed"}
)
_SHARES: Final = {"column_blank": (1, 2), "status_constant": (None, 2), "codes_shifted": (2, 3)}
_SUBJECTS: Final = {
    "township_gone": 1, "column_blank": 1, "status_constant": 1, "codes_shifted": 2,
    "checks_failed": 2,
}  # fmt: skip
"""How many arguments of a reason say what it is about; the others are figures."""


def signatures_needed(reasons: Iterable[Reason]) -> int:
    """Two people for a change of more than half of what was usual, else one.

    More than half: of the size or the people of an extract, of a column's values (blank, or of one
    code), of the whole extract by one township, or a check that most rows fail.
    """
    return 2 if any(_is_of_more_than_half(reason) for reason in reasons) else 1


def signer(name: str) -> str:
    """By what two signatures are told apart: the name without blanks, width or case."""
    return compact(name)


def signatures(delivery: JudgedDelivery, releases: Iterable[Release]) -> tuple[Release, ...]:
    """The valid signatures under a held delivery, one a person, oldest first.

    A signature counts for the bytes it was given for, and while the delivery is held for nothing
    that was not signed for.
    """
    subjects = {_subject(reason) for reason in delivery.held_for}
    found: dict[str, Release] = {}
    for release in releases:
        is_same = (release.delivery_id, release.content_hash) == (
            delivery.delivery_id,
            delivery.content_hash,
        )
        signed = {_subject(Reason.parse(reason)) for reason in release.held_for}
        if is_same and subjects <= signed:
            found.setdefault(signer(release.by_name), release)
    return tuple(found.values())


def with_releases(delivery: JudgedDelivery, releases: Sequence[Release]) -> JudgedDelivery:
    """The delivery as it counts: released when it is held and has the signatures it needs."""
    if delivery.state is not DeliveryState.HELD:
        return delivery
    signed = signatures(delivery, releases)
    if len(signed) < signatures_needed(delivery.held_for):
        return delivery
    said = Reason.of("released", len(signed))
    return replace(delivery, state=DeliveryState.RELEASED, reasons=(*delivery.reasons, said))


def check_signature(delivery: JudgedDelivery, given: Sequence[Release], by_name: str) -> None:
    """Raise HeduiError where ``by_name`` may not sign: nothing is held, or the name has signed."""
    if delivery.state is not DeliveryState.HELD:
        raise HeduiError(f"delivery_not_held_{delivery.state}", delivery=delivery.delivery_id)
    if signer(by_name) in {signer(one.by_name) for one in signatures(delivery, given)}:
        raise HeduiError("delivery_signed_already", delivery=delivery.delivery_id)


def _subject(reason: Reason) -> tuple[str, ...]:
    return (reason.code, *reason.arguments[: _SUBJECTS.get(reason.code, 0)])


def _is_of_more_than_half(reason: Reason) -> bool:
    if reason.code in _WHOLE_CHANGES:
        return True
    if reason.code == "township_gone":
        return len(reason.arguments) > 3 and _per_cent(reason.arguments[3]) > _HALF
    if reason.code == "replacement_shrunk":
        now, before = (int(argument) for argument in reason.arguments[:2])
        return 2 * now < before
    if reason.code not in _SHARES:
        return True  # a reason of a later version: rather one signature too many
    at, usual = _SHARES[reason.code]
    share = 100 if at is None else _per_cent(reason.arguments[at])
    return abs(share - _per_cent(reason.arguments[usual])) > _HALF


def _per_cent(written: str) -> int:
    found = re.match("[0-9]+", written)
    return int(found[0]) if found else 100
