"""The normaliser's version stands for what comes out of it; delivery records carry it."""

import hashlib
import sys
from datetime import date
from unicodedata import ucd_3_2_0 as OLD  # noqa: N812 - characters that no version will touch

from domain import amounts, characters, dates, identity, names
from domain.normaliser import NORMALISER_VERSION

DAY = date(2026, 11, 20)
TEXTS = [
    "２０２４年1⽉5⽇",
    "2024/1/5",
    "20240105",
    "45000",
    "45000.0",
    "2024-02-29",
    "2023-02-29",
    "0000-00-00",
    "1900-01-01",
    "9999-12-31",
    "05/06/2024",
    "240105",
    "农历正月初五",
    "长期",
    "无",
    "2024年1月",
    "202401",
    "2024-1",
    "2024.01",
    "1,234.50元",
    "¥12",
    "1.2万元",
    "-",
    "—",
    "−12.5",
    "NaN",
    "inf",
    "1E+05",
    "3.70102E+17",
    "是",
    "否",
    "TRUE",
    "3.0",
    "3.5",
    "2147483648",
    "不详",
    "0",
    "111111111111111111",
    "99010519491231004X",
    "99010519491231004x",
    "９９０１０５１９４９１２３１００４Ｘ",
    "'990105491231002",
    "990105194912310041",
    "990105194902300024",
    "81" + "0000199408230021",
    "E12345678",
    "H1234567890",
    "王伟（已故）",
    "买买提·艾力",
    "买买提.艾力",
    "王yan",
    "王□",
    "髙𠮷",
    "張偉",
    "﨑",
    "李\ue81e",
    "欧阳\u3000建国",
]

# Changed on purpose? Then raise NORMALISER_VERSION and put the digest that this test names.
DIGESTS = {"2": "3caa3d10837b4b7791bffb62a90b8a75e6d52a64a27a829b7cedf1ae79d5da6b"}


def digest() -> str:
    found = hashlib.sha256()
    for point in range(sys.maxunicode + 1):
        character = chr(point)
        if OLD.category(character) in ("Cn", "Cs"):  # what later versions assign may change
            continue
        parts = (characters.tidy(character), characters.compact(character))
        found.update("\0".join(parts).encode())
        if point < 0x10000:
            found.update(names.fold_name(character).encode())
    for text in TEXTS:
        read = (
            names.fold_name(text), identity.read_identity_number(text, DAY), dates.read_date(text),
            dates.read_month(text), amounts.read_yuan(text), amounts.read_decimal(text),
            amounts.read_int(text), amounts.read_bool(text),
        )  # fmt: skip
        found.update(repr(read).encode())
    return found.hexdigest()


def test_what_comes_out_changes_only_with_the_version():
    assert DIGESTS[NORMALISER_VERSION] == digest()
