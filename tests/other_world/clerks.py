"""How the other world's clerks write numbers, names, dates and amounts: each row on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from opencc import OpenCC
from pypinyin import lazy_pinyin

from tests.other_world.mixes import Mix
from tests.other_world.people import District, Person

_SOUND_ALIKE = dict(
    zip("明国强伟芳英丽静杰涛军勇华梅春云远张", "名囯墙维方瑛莉婧洁滔君永花枚纯芸媛章", strict=True)
)
_TRADITIONAL = dict(
    zip("国强伟丽张陈杨军龙华韩吴许飞鹏兰红", "國強偉麗張陳楊軍龍華韓吳許飛鵬蘭紅", strict=True)
)
_PINYIN = {
    "秀": "xiu", "娜": "na", "敏": "min", "洋": "yang", "霞": "xia", "超": "chao", "平": "ping",
    "刚": "gang", "玉": "yu", "涵": "han", "轩": "xuan", "喆": "zhe", "昱": "yu", "囧": "jiong",
}  # fmt: skip
_NAME_HABITS: dict[str, Callable[[str], str]] = {
    "traditional": OpenCC("s2t").convert,
    "pinyin": lambda name: name[0] + "".join(lazy_pinyin(name[1:])),
    "latin": lambda name: f"{lazy_pinyin(name[0])[0]} {''.join(lazy_pinyin(name[1:]))}".upper(),
}
_PLACEHOLDERS = ("无", "不详", "0", "111111111111111111")
_EXCEL_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Clerk:
    """Writes the values of one dataset in one hand; ``slips``: the share of rows with a slip.

    ``habit``: what the whole department does to every name or number (:attr:`Mix.hands`).
    """

    random: Random
    people: Sequence[Person]
    mix: Mix
    habit: str
    slips: float
    date_form: str
    month_form: str
    yuan_form: str

    def number(self, person: Person, slips: float | None = None) -> str:
        """The person's number: as it is, written oddly, damaged, missing, or another person's."""
        number = person.number
        odd = self._mixed(number, person)
        if odd is not None:
            return odd
        if self.random.random() > (self.slips if slips is None else slips):
            return self._oddly(number, person)
        kinds = ("digit", "swap", "blank", "placeholder", "lost")
        if self.random.random() < 0.15:
            kinds += ("scientific", "other")
        kind = self.random.choice(kinds)
        place = self.random.randrange(17)
        if kind == "digit":
            digit = self.random.choice([d for d in "0123456789" if d != number[place]])
            return number[:place] + digit + number[place + 1 :]
        if kind == "swap":
            place = self.random.choice([i for i in range(16) if number[i] != number[i + 1]])
            return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        if kind == "lost":
            return number[:place] + number[place + 1 :]
        if kind == "other":
            return self.random.choice(self.people).number
        if kind == "scientific":
            return f"{number[0]}.{number[1:6]}E+17"
        return "" if kind == "blank" else self.random.choice(_PLACEHOLDERS)

    def _mixed(self, number: str, person: Person) -> str | None:
        """The number as this district's mix or this department's habit has it, if it is odd."""
        if self.habit == "cut":
            return number[:-1]
        if self.habit == "scientific" or self._happens(self.mix.scientific):
            return f"{number[0]}.{number[1:6]}E+17"
        if self._happens(self.mix.unnumbered):
            return ""
        if self._happens(self.mix.placeholder):
            return self.random.choice(_PLACEHOLDERS)
        if self._happens(self.mix.stranger):
            return self.random.choice(self.people).number
        if person.born.year < 1990 and self._happens(self.mix.fifteen):
            return number[:6] + number[8:17]
        return None

    def _happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    def _oddly(self, number: str, person: Person) -> str:
        ways: tuple[Callable[[], str], ...] = (
            number.lower,
            lambda: "".join(chr(ord(c) + 0xFEE0) for c in number),
            lambda: f"'{number}",
            lambda: f"{number[:6]} {number[6:]}",
            lambda: f"{number}\u200b",
            lambda: number[:6] + number[8:17] if person.born.year < 1990 else number,
        )
        return self.random.choice(ways)() if self.random.random() < 0.12 else number

    def name(self, person: Person, slips: float | None = None) -> str:
        """The person's name, in one of the ways the agreement lists."""
        name = person.name
        if self.habit in _NAME_HABITS:
            return _NAME_HABITS[self.habit](name)
        if "·" in name and self._happens(self.mix.turned):
            return "·".join(reversed(name.split("·")))
        if "·" in name and self.random.random() < max(self.mix.dotted, 0.3):
            return name.replace("·", self.random.choice(("•", ".", "．", "")))
        if self.random.random() > (self.slips * 0.8 if slips is None else slips):
            return name
        return self._slipped(name, person)

    def _slipped(self, name: str, person: Person) -> str:
        spoken = [place for place in range(1, len(name)) if name[place] in _SOUND_ALIKE]
        way = self.random.choice(("blank", "script", "hole", "pinyin", "sound", "former", "remark"))
        if way == "blank":
            return name[0] + self.random.choice(" \u3000") + name[1:]
        if way == "script":
            return "".join(_TRADITIONAL.get(c, c) for c in name)
        if way == "hole" and len(name) > 2:
            return name[:-1] + self.random.choice("?*□")
        if way == "pinyin":
            return name[0] + "".join(_PINYIN.get(c, c) for c in name[1:])
        if way == "sound" and spoken:
            place = self.random.choice(spoken)
            return name[:place] + _SOUND_ALIKE[name[place]] + name[place + 1 :]
        if way == "former" and person.former_name:
            return person.former_name
        if way == "remark":
            return name + self.random.choice(("（已故）", "(代)", "（户主）"))
        return "·".join(reversed(name.split("·")))

    def day(self, day: date | None) -> str:
        """A date in this hand's form, or one of the ways to write none."""
        if day is None:
            return self.random.choice(("", "0000-00-00", "1900-01-01", "9999-12-31"))
        return {
            "iso": day.isoformat(),
            "compact": f"{day:%Y%m%d}",
            "slash": f"{day.year}/{day.month}/{day.day}",
            "words": f"{day.year}年{day.month}月{day.day}日",
            "serial": str((day - _EXCEL_DAY_ZERO).days),
        }[self.date_form]

    def month(self, month: tuple[int, int]) -> str:
        """A month in this hand's form."""
        year, number = month
        return {
            "compact": f"{year}{number:02d}",
            "iso": f"{year}-{number:02d}",
            "words": f"{year}年{number:02d}月",
        }[self.month_form]

    def yuan(self, amount: Decimal | int | None) -> str:
        """An amount in this hand's form; a dash or nothing for none."""
        if amount is None:
            return self.random.choice(("", "-"))
        return {
            "plain": f"{amount:.2f}",
            "thousands": f"{amount:,.2f}",
            "unit": f"{amount:.2f}元",
        }[self.yuan_form]


def hire(district: District, slips: float, dataset: str) -> Clerk:
    """A clerk of the dataset with forms of their own."""
    random = district.random
    return Clerk(
        random,
        district.people,
        district.mix,
        district.mix.hand(dataset),
        slips,
        random.choice(("iso", "compact", "slash", "words", "serial")),
        random.choice(("compact", "iso", "words")),
        random.choice(("plain", "thousands", "unit")),
    )
