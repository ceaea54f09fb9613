"""Who lives in the other world: households whose names repeat far more than the simulation's."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.other_world.mixes import ORDINARY, Mix

AS_OF = date(2026, 11, 20)
TOWNSHIPS = tuple(f"990102{number:03d}" for number in (1, 2, 5, 101, 102, 203))
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章单仇翟"
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "尉迟")
_GIVEN = (
    "明国强伟芳秀英娜敏静丽艳杰涛磊军洋勇霞超平刚桂兰玉华红梅春云龙飞鹏辉斌波凤珍琴雪琳晨宇轩涵梓萱子浩然一"
    "诺欣怡思源佳豪志远𠮷喆囧昱㐂"
)
_MINORITY = (
    "阿依古丽", "买买提", "吐尔逊", "古丽娜尔", "艾力", "帕提古丽", "卡德尔", "热合曼",
    "次仁", "卓玛", "扎西", "尼玛",
)  # fmt: skip
_STREETS = ("东风", "解放", "人民", "幸福", "文化")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_YEAR = 365.25


@dataclass(eq=False)
class Home:
    """A registered household: head first, each member with the code of the relation."""

    number: str
    township: str
    village: str
    address: str
    members: list[tuple["Person", str]] = field(default_factory=list)


@dataclass(eq=False)
class Person:
    """Somebody in the population register, as they truly are."""

    place: int
    name: str
    number: str
    sex: str
    born: date
    home: Home
    former_name: str = ""
    spouse: "Person | None" = None
    died: date | None = None
    status: str = "0"
    status_date: date | None = None
    moved_to: str = ""

    @property
    def age(self) -> int:
        """Full years on the as-of date, to a day or so."""
        return int((AS_OF - self.born).days / _YEAR)

    @property
    def register_no(self) -> str:
        """The register's serial number (RYBH)."""
        return f"R{self.place:08d}"


class District:
    """People drawn one household after the other until there are as many as asked for."""

    def __init__(self, seed: int, residents: int, mix: Mix = ORDINARY) -> None:
        self.random = Random(seed)
        self.mix = mix
        self.people: list[Person] = []
        self.homes: list[Home] = []
        self._numbers: set[str] = set()
        # A few surnames and characters are everybody's: namesakes abound.
        self._surname_weights = [self.random.random() ** 3 * 30 + 0.3 for _ in _SURNAMES]
        self._given_weights = [self.random.random() ** 2 * 10 + 0.2 for _ in _GIVEN]
        self._few_names = [self._name(None) for _ in range(mix.few_names)]
        while len(self.people) < residents:
            self.homes.append(self._home())

    def given(self, characters: int) -> str:
        """A given name of so many characters."""
        return "".join(self.random.choices(_GIVEN, self._given_weights, k=characters))

    def days_ago(self, least: int, most: int) -> date:
        """A day between so many days before the as-of date."""
        return AS_OF - timedelta(days=self.random.randrange(least, most))

    def _home(self) -> Home:
        township = self.random.choice(TOWNSHIPS)
        address = (
            f"{self.random.choice(_STREETS)}路{self.random.randrange(1, 400)}号"
            f"{self.random.randrange(1, 20)}栋{self.random.randrange(101, 999)}室"
        )
        village = f"{township}{self.random.randrange(200, 215)}"
        home = Home(f"H{len(self.homes) + 1:07d}", township, village, address)
        born = self.days_ago(int(22 * _YEAR), int(85 * _YEAR))
        head = self._person(home, born, self.random.choice("12"))
        home.members.append((head, "01"))
        if head.age > 25 and self.random.random() < 0.6:
            near = head.born + timedelta(days=self.random.randrange(-1500, 1500))
            spouse = self._person(home, near, "2" if head.sex == "1" else "1")
            head.spouse, spouse.spouse = spouse, head
            home.members.append((spouse, "10"))
        if 25 < head.age < 60:
            for _ in range(self.random.choice((0, 0, 1, 1, 2))):
                self._child(home, head)
        return home

    def _child(self, home: Home, head: Person) -> None:
        later = timedelta(days=self.random.randrange(20 * 365, 38 * 365))
        born = min(head.born + later, AS_OF - timedelta(days=20))
        inherits = "·" not in head.name and head.name[:2] not in _COMPOUND
        child = self._person(
            home, born, self.random.choice("12"), head.name[0] if inherits else None
        )
        home.members.append((child, "20" if child.sex == "1" else "30"))
        if self.happens(self.mix.twins):
            twin = self._twin(home, child)
            home.members.append((twin, "20" if twin.sex == "1" else "30"))

    def _twin(self, home: Home, other: Person) -> Person:
        """Born the same day, of the next number, the last character of the name another."""
        order = (int(other.number[14:17]) + 2) % 1000
        name = other.name[:-1] + self.given(1)
        number = with_check(f"{other.number[:14]}{order:03d}")
        if number in self._numbers or name == other.name:
            return self._person(home, other.born, other.sex)
        self._numbers.add(number)
        twin = Person(len(self.people), name, number, other.sex, other.born, home)
        self.people.append(twin)
        return twin

    def happens(self, share: float) -> bool:
        """Whether something that befalls a share of all befalls this one."""
        return share > 0 and self.random.random() < share

    def _person(self, home: Home, born: date, sex: str, surname: str | None = None) -> Person:
        name = self._name(surname)
        if self._few_names and home.township == TOWNSHIPS[0] and self.happens(0.5):
            name = self.random.choice(self._few_names)
        person = Person(len(self.people), name, self._number(born, sex), sex, born, home)
        if self.random.random() < 0.03:
            person.former_name = name[0] + self.given(1)
        self.people.append(person)
        return person

    def _name(self, surname: str | None) -> str:
        if surname is None and self.random.random() < max(self.mix.dotted, 0.04):
            return f"{self.random.choice(_MINORITY)}·{self.random.choice(_MINORITY)}"
        if surname is None and self.random.random() < 0.02:
            surname = self.random.choice(_COMPOUND)
        surname = surname or self.random.choices(_SURNAMES, self._surname_weights)[0]
        return surname + self.given(1 if self.random.random() < 0.25 else 2)

    def _number(self, born: date, sex: str) -> str:
        while True:
            division = self.random.choice(("990102",) * 9 + ("990103", "990201"))
            order = self.random.randrange(500) * 2 + (sex == "1")
            first = f"{division}{born:%Y%m%d}{order:03d}"
            number = with_check(first)
            if number not in self._numbers:
                self._numbers.add(number)
                return number


def with_check(first: str) -> str:
    """The number that begins with these seventeen digits (GB 11643)."""
    total = sum(int(digit) * by for digit, by in zip(first, _WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]
