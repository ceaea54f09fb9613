"""The population register (户籍人口): one row a person, two where somebody moved and came back."""

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from simulation import columns, places, timeline
from simulation.chance import stream
from simulation.columns import coded, digits, joined
from simulation.places import Places
from simulation.population import People
from simulation.timeline import NEVER, Bools, Ints

DATASET: Final = "public_security.population"
_ELSEWHERE: Final = ("990103", "990104", "990201", "990305", "991122", "992502")


def population_table(people: People, where: Places, as_of: date, seed: int) -> pa.Table:
    """The register as the newest extract shows it."""
    extract = timeline.extract_date(DATASET, as_of)
    on_day = timeline.day(extract)
    rng = stream(seed, "register")
    elsewhere = rng.integers(0, len(_ELSEWHERE), len(people.birth))
    old_home = rng.integers(0, where.count, len(people.birth))
    status, since = _present_row(people, on_day)
    born = np.flatnonzero((people.birth <= on_day - 10) & _own(people))
    extra = _second_rows(people, on_day)
    who = np.r_[born, *[rows for rows, *_ in extra]]
    kind = np.r_[np.zeros(len(born), dtype=np.int64), *[np.full(len(r), k) for r, k, *_ in extra]]
    state = np.r_[status[born], *[np.full(len(r), s) for r, _, s, _ in extra]]
    day = np.r_[since[born], *[d[r] for r, _, _, d in extra]]
    moved = kind == 2
    to = np.where(moved, 0, elsewhere[who] + 1)
    to = np.where(state == 2, to, -1)
    township = np.where(moved, old_home[who], people.township[who])
    village = np.where(moved, 0, people.village[who])
    return columns.table(
        DATASET,
        _columns(people, where, who, kind, state, day, to, township, village, extract),
    )


def _own(people: People) -> Bools:
    return np.asarray(np.arange(len(people.birth)) < people.residents)


def _present_row(people: People, on_day: int) -> tuple[Ints, Ints]:
    """RYZT and its date, of each person's present row."""
    status = np.zeros(len(people.birth), dtype=np.int64)
    since = np.full(len(people.birth), NEVER, dtype=np.int64)
    steps = (
        (4, people.enlisted, people.discharged),
        (3, people.emigrated, np.full(len(status), NEVER)),
        (2, people.left, people.returned),
        (1, people.death_registered, np.full(len(status), NEVER)),
    )
    for code, begin, end in steps:
        now = (begin <= on_day) & (end > on_day)
        status[now] = code
        since[now] = begin[now]
    return status, since


def _second_rows(people: People, on_day: int) -> list[tuple[Ints, int, int, Ints]]:
    """Rows beside the present one: persons, kind of row, RYZT, dates."""
    own = _own(people)
    back = np.flatnonzero(own & (people.returned <= on_day))
    moved = np.flatnonzero(own & (people.moved_within <= on_day))
    doubled = np.flatnonzero(own & people.is_doubled & (people.birth < on_day - 4_000))
    return [
        (back, 1, 2, people.left),
        (moved, 2, 2, people.moved_within),
        (doubled, 3, 5, np.maximum(people.birth + 3_700, 14_000)),
    ]


def household_numbers(people: People, who: Ints) -> pa.Array:
    """户号 of the household each person is registered in."""
    return joined("990102", digits(people.household[who] + 1, 9))


def _columns(
    people: People,
    where: Places,
    who: Ints,
    kind: Ints,
    state: Ints,
    day: Ints,
    to: Ints,
    township: Ints,
    village: Ints,
    extract: date,
) -> dict[str, Any]:
    rows = pa.array(who)
    moved = kind == 2
    own_home = people.household[who] + 1
    return {
        "RYBH": joined("990102", digits(who * 10 + kind, 11)),
        "GMSFHM": people.id_no.take(rows),
        "XM": people.name.take(rows),
        "CYM": people.former_name.take(rows),
        "XB": coded(["1", "2"], people.sex[who] - 1),
        "MZ": coded(["01", "05"], people.is_dotted[who].astype(np.int64)),
        "CSRQ": columns.dates(people.birth[who]),
        "HH": joined("990102", digits(np.where(moved, 800_000_000 + who, own_home), 9)),
        "YHZGX": _relations(people, who, moved),
        "HKLX": coded(["2", "1"], where.is_urban[township].astype(np.int64)),
        "XZQH": coded(["990102"], np.zeros(len(who), dtype=np.int64)),
        "XZJD": places.township_codes(where, township),
        "JCWH": places.village_codes(where, township, village),
        "ZZ": places.addresses(where, township, village, people.door[who]),
        "RYZT": coded([str(code) for code in range(10)], state),
        "ZTRQ": columns.dates(day),
        "QWD": coded(["990102", *_ELSEWHERE], to),
        "_person": pa.array(who),
        "_delivered": columns.dates(np.full(len(who), timeline.day(extract))),
    }


def _relations(people: People, who: Ints, moved: Bools) -> pa.Array:
    own = people.relation.take(pa.array(who))
    first = pa.concat_arrays([own, pa.array(["01"])])
    return first.take(pa.array(np.where(moved, len(who), np.arange(len(who)))))
