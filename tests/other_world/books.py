"""What the other world's departments have on their books, and what is therefore to be found."""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.other_world.clerks import Clerk, hire
from tests.other_world.people import AS_OF, District, Person

ONE = "person"


@dataclass(frozen=True)
class Row:
    """A delivered row, and whom it truly speaks of by role."""

    values: dict[str, str]
    people: dict[str, Person]


@dataclass(eq=False)
class Case:
    """A case on civil affairs' books."""

    number: str
    people: list[Person]
    scheme: str
    is_active: bool


@dataclass
class Books:
    """The rows of all datasets.

    ``planted``: the findings there must be, as rule, case number and, of a rule on persons, the
    true number of the person.
    """

    district: District
    slips: float
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    cases: list[Case] = field(default_factory=list)
    planted: set[tuple[str, str, str]] = field(default_factory=set)
    at_work: set[Person] = field(default_factory=set)

    def clerk(self, dataset: str) -> Clerk:
        """Somebody who writes the dataset."""
        return hire(self.district, self.slips, dataset)

    def enter(self, dataset: str, values: dict[str, str], **people: Person) -> None:
        """Add a row that speaks of these people."""
        self.rows[dataset].append(Row(values, people))

    @property
    def case_of(self) -> dict[Person, Case]:
        """The active case of each listed person."""
        return {person: case for case in self.cases if case.is_active for person in case.people}

    def some_listed(self, share: float, least_age: int = 18) -> list[Person]:
        """A sample of the living people of active cases."""
        able = [one for one in self.case_of if one.age >= least_age and one.died is None]
        return self.district.random.sample(able, max(4, int(len(able) * share)))

    def some_others(self, share: float) -> list[Person]:
        """A sample of the living adults in no active case."""
        listed = self.case_of
        able = [
            one
            for one in self.district.people
            if one not in listed and one.age >= 18 and one.died is None
        ]
        return self.district.random.sample(able, int(len(able) * share))


def newest_months(count: int) -> list[tuple[int, int]]:
    """The months before the as-of date's, oldest first."""
    index = AS_OF.year * 12 + AS_OF.month - 1
    return [((index - back) // 12, (index - back) % 12 + 1) for back in range(count, 0, -1)]
