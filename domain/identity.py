"""Identity numbers (公民身份号码, GB 11643): what a delivered value is, and what a number says."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.characters import compact

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"
"""GB 11643-1999 (ISO 7064 MOD 11-2): the check character for each weighted sum modulo 11."""

EARLIEST_BIRTH: Final = date(1850, 1, 1)

APOSTROPHES: Final = "'`\u2018\u2019\u00b4\u2032"
"""Marks that spreadsheets and people put before a number to keep it text."""

PLACEHOLDERS: Final = frozenset(
    """
    无 没有 不详 不祥 不明 不清 不清楚 未知 暂无 暂缺 缺 空 空白 保密 待查 待补 待补录 待核 待核实
    未提供 未填 未填写 未录入 未登记 未办 未办理 未办证 无证 无证件 无有效证件 无号 无号码 无身份证
    无身份证号 无身份证号码 没有身份证 身份证不详 证号不详 遗失 丢失 同上 其他 其它 (无) (空)
    NULL (NULL) NONE NIL NAN NA N/A #N/A UNKNOWN TEST
    """.split()  # noqa: SIM905  # a list this long reads better as words
)
"""Words that stand for "no number", after :func:`normalise`; runs of one character as well."""

COUNTING: Final = ("12345678901234567890", "01234567890123456789", "98765432109876543210")

# Shapes of certificates other than the resident's number, after :func:`normalise`.
OTHER_DOCUMENT_SHAPES: Final = (
    "[A-Z]{1,2}[0-9]{7,9}",  # passports, also older ones; certificates of birth
    "[HMC][0-9]{10}",  # 港澳居民来往内地通行证 with its issue number
    "[A-Z]{3}[0-9]{12}",  # 外国人永久居留身份证, the form before 2023
    "[A-Z]{1,2}[0-9]{6}\\([0-9A]\\)",  # Hong Kong identity card
    "[1578][0-9]{6}\\([0-9]\\)",  # Macao identity card
    "[0-9]{10}\\([A-Z]\\)",  # 台湾居民来往大陆通行证, older form
    "[1-9A-HJ-NPQRTUWXY][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",  # 统一社会信用代码: an organisation
    "[0-9A-Z]{8}-[0-9X]",  # 组织机构代码
    "[\\x{4e00}-\\x{9fff}]{1,4}字第?[0-9]{4,10}号?",  # 军官证, 士兵证
)

SLIPPED_LETTER_FORM: Final = (
    "[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
    "([A-Z][0-9]{2}[0-9X]|[0-9][A-Z][0-9][0-9X]|[0-9]{2}[A-Z][0-9X]|[0-9]{3}[A-Z])"
)
"""A resident's number with a letter in its last places (an X that changed places with its
neighbour, a B for an 8): of the same form as an organisation's code, which hardly ever has a date
there."""

SCIENTIFIC_FORM: Final = "[+-]?[0-9]+(\\.[0-9]*)?E[+-]?[0-9]+"


class IdStatus(StrEnum):
    """What a delivered identity number is worth; only the first two are match keys."""

    VALID = "valid"
    VALID_15 = "valid_15"  # a first-generation number, upgraded to 18 digits
    MALFORMED = "malformed"
    CHECK_DIGIT = "check_digit"
    DATE = "date"  # an impossible birth date inside
    PLACEHOLDER = "placeholder"
    ABSENT = "absent"
    SCIENTIFIC = "scientific"  # a spreadsheet kept six digits of it: never repaired
    OTHER_DOCUMENT = "other_document"


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A delivered identity number as read.

    ``number`` is 18 characters and valid, or None; ``text`` is the normalised text when ``number``
    is None and anything was delivered, else None.
    """

    number: str | None
    text: str | None
    status: IdStatus


def check_character(first17: str) -> str:
    """The check character of 17 digits by GB 11643 (``0``–``9`` or ``X``)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_CHARACTERS[total % 11]


def normalise(raw: str) -> str:
    """``raw`` half-width, upper-case, without blanks or invisible characters, unquoted."""
    return compact(raw).strip(APOSTROPHES + '"')


def upgrade(first_generation: str) -> str:
    """A 15-digit number as 18 digits: the century is 19, the check character computed."""
    first17 = first_generation[:6] + "19" + first_generation[6:]
    return first17 + check_character(first17)


def read_identity_number(raw: str | None, latest_birth: date) -> IdentityNumber:
    """What ``raw`` is as an identity number; nobody is born after ``latest_birth``.

    Valid numbers are those of 18 characters whose check character holds and whose birth date is a
    real day from 1850 to ``latest_birth``, and 15-digit ones likewise. Residence permits
    (港澳台居民居住证 81, 82, 83; 外国人永久居留身份证 9) have the same form and are numbers too.
    Divisions are not judged: abolished and unassigned codes are met in true numbers.
    """
    folded = normalise(raw or "")
    if not folded:
        return IdentityNumber(None, None, IdStatus.ABSENT)
    status, number = _judge(folded, latest_birth)
    return IdentityNumber(number, None if number else folded, status)


def _judge(folded: str, latest_birth: date) -> tuple[IdStatus, str | None]:
    if is_placeholder(folded):
        return IdStatus.PLACEHOLDER, None
    if re.fullmatch("[0-9]{17}[0-9X]", folded):
        return _judge_18(folded, latest_birth, IdStatus.VALID)
    if re.fullmatch("[0-9]{15}", folded):
        return _judge_18(upgrade(folded), latest_birth, IdStatus.VALID_15)
    if re.fullmatch(SCIENTIFIC_FORM, folded):
        return IdStatus.SCIENTIFIC, None
    if re.fullmatch(SLIPPED_LETTER_FORM, folded):
        return IdStatus.MALFORMED, None
    if re.fullmatch(_python_pattern(), folded):
        return IdStatus.OTHER_DOCUMENT, None
    return IdStatus.MALFORMED, None


def _judge_18(number: str, latest_birth: date, valid: IdStatus) -> tuple[IdStatus, str | None]:
    if check_character(number[:17]) != number[17]:
        return IdStatus.CHECK_DIGIT, None
    birth = birth_date(number)
    if birth is None or not EARLIEST_BIRTH <= birth <= latest_birth:
        return IdStatus.DATE, None
    return valid, number


def is_placeholder(folded: str) -> bool:
    """Whether normalised text is a word for "none", one character repeated, or counting up."""
    if folded in PLACEHOLDERS or len(set(folded)) == 1:
        return True
    if len(folded) == len("11111111111111111X") and folded[17] == "X" and len(set(folded)) <= 2:
        return len(set(folded[:17])) == 1
    return len(folded) >= 4 and any(run.startswith(folded) for run in COUNTING)


def birth_date(number: str) -> date | None:
    """The birth date written in an 18-character number; None when it is no calendar day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """The sex an 18-character number says, as the code list has it: ``1`` 男, ``2`` 女."""
    return "1" if int(number[16]) % 2 else "2"


def _python_pattern() -> str:
    joined = "|".join(OTHER_DOCUMENT_SHAPES)
    return re.sub(r"\\x\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), joined)
