"""What of a value may be shown, by class of field; full values are a separate, reasoned act."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from domain.identity import CHECK_CHARACTERS, birth_date, check_character

STAR: Final = "*"
_MIDDLE_DOTS: Final = "·•・"
_PLACE: Final = re.compile(r"^.*?(?:村|社区|居委会|屯|路|街(?!道)|巷|弄|大道|胡同)")
_DIGIT: Final = "[0-9０-９]"
_X: Final = "[XxＸｘ]"
_GAP: Final = "[ \t\u3000-]"  # as people write the parts of a number apart
_ALONE: Final = "(?<![0-9A-Za-z０-９])"  # case numbers begin with letters
_ENDS: Final = f"(?!{_DIGIT})"
# 18 characters, in one or as division, year, day and rest; or 15 digits that no letter or digit
# touches
_IDENTITY_NUMBERS: Final = (
    rf"(?<!{_DIGIT}){_DIGIT}{{6}}{_GAP}?{_DIGIT}{{4}}{_GAP}?{_DIGIT}{{4}}{_GAP}?{_DIGIT}{{3}}"
    rf"(?:{_X}|{_DIGIT}{_ENDS})"
    rf"|{_ALONE}{_DIGIT}{{15}}(?![0-9A-Za-z０-９])"
)
# What people write besides: a number with letters behind it, one with a digit lost or too many,
# a bank card (16 to 19 digits, in one or in fours).
_LIKE_NUMBERS: Final = (
    rf"{_ALONE}{_DIGIT}{{15}}{_ENDS}"
    rf"|{_ALONE}(?:{_DIGIT}{{16,17}}|{_DIGIT}{{19}}){_ENDS}"
    rf"|{_ALONE}(?:{_DIGIT}{{4}}{_GAP}){{3}}{_DIGIT}{{4}}(?:{_GAP}?{_DIGIT}{{1,3}})?{_ENDS}"
)
_REFERENCES: Final = re.compile(_IDENTITY_NUMBERS)
_WORDS: Final = re.compile(f"{_IDENTITY_NUMBERS}|{_LIKE_NUMBERS}")
_RUN: Final = re.compile(f"{_DIGIT}{{17,}}{_X}?")  # in which a whole number may be hidden
_NUMBER_LENGTH: Final = 18
_ANY_DIGIT: Final = re.compile(_DIGIT)
_YEAR_FIRST: Final = re.compile(r"[0-9]{4}(?![0-9]{1,3}$)")
_GAPS: Final = re.compile(_GAP)
_TOWNSHIP: Final = re.compile(r"^.*?(?:镇|乡|街道)")


def mask_name(name: str) -> str:
    """张伟 is 张*, 欧阳建国 is 欧***; with a middle dot, the first character and a star."""
    folded = name.strip()
    if not folded:
        return ""
    if any(dot in folded for dot in _MIDDLE_DOTS) or folded.isascii():
        return folded[0] + STAR
    return folded[0] + STAR * max(len(folded) - 1, 1)


def mask_id_no(id_no: str) -> str:
    """First six and last four of 18 (or 15) characters; of anything else nothing but its length."""
    value = id_no.strip()
    if len(value) not in (15, 18):
        return STAR * len(value)
    return value[:6] + STAR * (len(value) - 10) + value[-4:]


def mask_plate(plate: str) -> str:
    """First two characters and the last one."""
    value = plate.strip()
    if len(value) < 4:
        return STAR * len(value)
    return value[:2] + STAR * (len(value) - 3) + value[-1]


def mask_address(address: str) -> str:
    """Up to the village or the road (else the township); what follows is three stars."""
    found = _PLACE.match(address) or _TOWNSHIP.match(address)
    kept = found.group() if found else address[:3]
    return kept + STAR * 3 if len(kept) < len(address) else kept


def mask_phone(phone: str) -> str:
    """First three and last two; of a short one nothing but its length."""
    value = phone.strip()
    if len(value) < 7:
        return STAR * len(value)
    return value[:3] + STAR * (len(value) - 5) + value[-2:]


def mask_birth_date(day: str) -> str:
    """The year alone: with the day, a masked number beside it could be read in full."""
    value = day.strip()
    kept = value[:4] if _YEAR_FIRST.match(value) else ""
    return kept + _ANY_DIGIT.sub(STAR, value[len(kept) :])


def mask_numbers_in(words: str) -> str:
    """Free text in which every identity number and every bank card number is masked.

    However written: full-width, in parts, with a digit lost, or with letters or digits touching it.
    In runs of digits of other lengths (a case number of twenty, say) only what is an identity
    number by its check character and its date is masked.
    """
    return _RUN.sub(_mask_run, _WORDS.sub(_mask_found, words))


def mask_identity_numbers_in(reference: str) -> str:
    """A reference (of a case, a finding, a delivery, a file) where an identity number was given.

    References are told from numbers by their shape alone: a digit more or less is another case.
    """
    return _REFERENCES.sub(_mask_found, reference)


def _mask_found(found: re.Match[str]) -> str:
    number = _GAPS.sub("", found.group())
    return number[:6] + STAR * (len(number) - 10) + number[-4:]


def _mask_run(found: re.Match[str]) -> str:
    run, place = found.group(), 0
    while place <= len(run) - _NUMBER_LENGTH:
        window = run[place : place + _NUMBER_LENGTH]
        if _is_identity_number(window):
            run = run[:place] + mask_id_no(window) + run[place + _NUMBER_LENGTH :]
            place += _NUMBER_LENGTH
        else:
            place += 1
    return run


def _is_identity_number(window: str) -> bool:
    number = unicodedata.normalize("NFKC", window).upper()
    is_written = number[:17].isdecimal() and number[17] in CHECK_CHARACTERS
    if not is_written or check_character(number[:17]) != number[17]:
        return False
    return birth_date(number) is not None


_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "person_name": mask_name,
    "id_no": mask_id_no,
    "plate": mask_plate,
    "address": mask_address,
    "phone": mask_phone,
    "birth_date": mask_birth_date,
}


def mask(kind: str, value: str) -> str:
    """``value`` as may be shown for its class of field; what names nobody is shown whole."""
    return _MASKS[kind](value) if kind in _MASKS else value
