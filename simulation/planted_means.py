"""Planted on cases: deaths, moves, vehicles, homes, purchases, spouses (hits and near misses)."""

from typing import Final

from simulation.cases import Case, Member
from simulation.population import People
from simulation.staging import HORIZON, Scenario, Stage, age_at_horizon, day
from simulation.timeline import NEVER


def anyone(case: Case, people: People) -> Member | None:
    """The applicant of any case."""
    del people
    return case.counted[0]


def adult(case: Case, people: People) -> Member | None:
    """A member between 20 and 58."""
    return _aged(case, people, 20, 58)


def _aged(case: Case, people: People, least: float, most: float) -> Member | None:
    for member in case.counted:
        if least <= age_at_horizon(people, member.person) < most:
            return member
    return None


def paid(case: Case, people: People) -> Member | None:
    """The last grown member of a case with a monthly amount."""
    if case.scheme in ("31", "32"):
        return None
    grown = [m for m in case.counted if age_at_horizon(people, m.person) >= 20]
    return grown[-1] if grown else None


def in_company(case: Case, people: People) -> Member | None:
    """An adult who is not the applicant, in a case with a monthly amount."""
    grown = [m for m in case.counted[1:] if age_at_horizon(people, m.person) >= 20]
    return grown[0] if grown and case.scheme not in ("31", "32") else None


def alone(case: Case, people: People) -> Member | None:
    """The only counted member, between 22 and 80, whom nobody supports."""
    return _aged(case, people, 22, 80) if len(case.members) == 1 else None


def supported(case: Case, people: People) -> Member | None:
    """The applicant of a case with a supporter outside the household."""
    del people
    return case.counted[0] if any(m.kind == "2" for m in case.members) else None


def young_man(case: Case, people: People) -> Member | None:
    """A man between 18 and 50."""
    for member in case.counted:
        if people.sex[member.person] == 1 and 18 <= age_at_horizon(people, member.person) < 50:
            return member
    return None


def pair(case: Case, people: People) -> Member | None:
    """A member of a case with two adults."""
    grown = [m for m in case.counted if age_at_horizon(people, m.person) >= 20]
    return grown[0] if len(grown) > 1 else None


def _die(s: Stage) -> None:
    s.dies(day(2026, 5 + s.number % 3), cremated=s.number % 4 != 2, registered=s.number % 4 != 1)


def _not_paid_for(s: Stage) -> None:
    s.member.is_beneficiary = False
    s.dies(day(2026, 6))


def _supporter_dies(s: Stage) -> None:
    supporter = next(m for m in s.case.members if m.kind == "2")
    s.people.death[supporter.person] = day(2026, 6)
    s.people.cremated[supporter.person] = day(2026, 6) + 2


def _leave(s: Stage) -> None:
    if s.number % 3 == 2:
        s.people.emigrated[s.person] = day(2025, 8)
    else:
        s.people.left[s.person] = day(2025, 9) + s.number


def _leave_to_study(s: Stage) -> None:
    s.member.in_school = True
    s.people.left[s.person] = day(2025, 9)


def _come_back(s: Stage) -> None:
    s.people.left[s.person] = day(2023, 4)
    s.people.returned[s.person] = day(2024, 6)


def _move_within(s: Stage) -> None:
    s.people.moved_within[s.person] = day(2024, 9)


def _serve(s: Stage) -> None:
    s.people.enlisted[s.person] = day(2026, 3)
    s.people.discharged[s.person] = day(2028, 3)


def _served(s: Stage) -> None:
    s.people.enlisted[s.person] = day(2024, 3)
    s.people.discharged[s.person] = day(2026, 3)


def _car(s: Stage) -> None:
    kinds: tuple[dict[str, object], ...] = (
        {},
        {"plate_kind": "52", "status": "GQ"},
        {"vehicle_class": "H31", "scrap_due": day(2025, 8), "status": "Q"},
        {"plate_kind": "01", "vehicle_class": "H11"},
    )
    s.vehicle(**kinds[s.number % 4])


def _car_of_a_dead_man(s: Stage) -> None:
    s.dies(day(2026, 4))
    s.vehicle()


def _car_not_authorised(s: Stage) -> None:
    s.member.authorised = NEVER
    s.vehicle()


def _car_of_supporter(s: Stage) -> None:
    supporter = next(m for m in s.case.members if m.kind == "2")
    s.vehicle(person=supporter.person)


def _two_homes(s: Stage) -> None:
    s.deed(area=30.0 * s.heads + 25)
    if s.number % 3 == 2:
        s.deed(area=30.0 * s.heads + 30, tenure="2", share=0.4)
    else:
        s.deed(area=30.0 * s.heads + 10, title="2" if s.number % 3 == 1 else "1", use="10")


def _small_homes(s: Stage) -> None:
    s.deed(area=19.0 * s.heads)
    s.deed(area=19.0 * s.heads)


def _second_is(**what: object) -> "_Second":
    return _Second(what)


class _Second:
    """A large home, and a second unit that does not count."""

    def __init__(self, what: dict[str, object]) -> None:
        self.what = what

    def __call__(self, s: Stage) -> None:
        s.deed(area=60.0 * s.heads)
        s.deed(**({"area": 40.0 * s.heads} | self.what))


def _shared_home(s: Stage) -> None:
    other = next(m for m in s.case.counted if m is not s.member)
    s.deed(s.person, other.person, tenure="1", area=120.0)


def _shop(s: Stage) -> None:
    if s.number % 3 == 2:
        s.deed(use="40", tenure="2", share=0.3, area=150.0)
    else:
        s.deed(use=("20", "30")[s.number % 3], area=38.0)


def _marry(s: Stage) -> None:
    event = ("IA", "IA", "ICA")[s.number % 3]
    s.marriage(event, day(2023, 5) + s.number, s.outsider())


def _divorce(s: Stage) -> None:
    spouse = s.outsider()
    s.marriage("IA", day(2012, 5), spouse)
    s.marriage("IB", day(2024, 2), spouse)


def _annulled(s: Stage) -> None:
    spouse = s.outsider()
    s.marriage("IA", day(2023, 5), spouse)
    s.marriage("ID", day(2023, 11), spouse)


def _spouse_supports(s: Stage) -> None:
    spouse = next(m for m in s.case.members if m.kind == "2")
    spouse.relation = "10"
    if s.people.sex[spouse.person] == s.people.sex[s.person]:
        spouse.person = spouse.written = stranger(s, dead=False)
    s.marriage("IA", day(2019, 5), spouse.person)


def stranger(s: Stage, *, dead: bool) -> int:
    """A grown-up of the district of the other sex whom nothing else concerns."""
    people, count = s.people, s.people.residents
    place = (s.person * 37 + 11) % count
    while (
        people.sex[place] == people.sex[s.person]
        or not 25 < age_at_horizon(people, place) < 75
        or people.death[place] < NEVER
        or people.left[place] < NEVER
        or place in s.facts.spoken_for
    ):
        place = (place + 1) % count
    s.facts.spoken_for.add(place)
    if dead:
        people.death[place] = day(2026, 2)
        people.cremated[place] = day(2026, 2) + 3
    return int(place)


def _widowed(s: Stage) -> None:
    s.marriage("IA", day(2008, 5), stranger(s, dead=True))


def _plain(**what: object) -> "_Vehicle":
    return _Vehicle(what)


class _Vehicle:
    """A vehicle that is no obstacle."""

    def __init__(self, what: dict[str, object]) -> None:
        self.what = what

    def __call__(self, s: Stage) -> None:
        s.vehicle(**self.what)


SCENARIOS: Final = (
    Scenario("deceased", paid, _die, about_person=True),
    Scenario("deceased", paid, lambda s: s.dies(HORIZON + 1), "dies on the day after", True),
    Scenario("deceased", in_company, _not_paid_for, "no beneficiary", True),
    Scenario("deceased", supported, _supporter_dies, "the supporter died", True),
    Scenario("moved_out", paid, _leave, about_person=True),
    Scenario("moved_out", adult, _leave_to_study, "at school elsewhere", True),
    Scenario("moved_out", adult, _come_back, "a present row as well", True),
    Scenario("moved_out", adult, _move_within, "within the district", True),
    Scenario("in_service", young_man, _serve, about_person=True),
    Scenario("in_service", young_man, _served, "discharged", True),
    Scenario("motor_vehicle", adult, _car),
    Scenario("motor_vehicle", adult, _plain(plate_kind="07", vehicle_class="M21"), "motorcycle"),
    Scenario("motor_vehicle", adult, _plain(plate_kind="13", vehicle_class="N11"), "low speed"),
    Scenario("motor_vehicle", adult, _plain(vehicle_class="C11"), "wheelchair"),
    Scenario("motor_vehicle", adult, _plain(status="E"), "deregistered"),
    Scenario("motor_vehicle", adult, _plain(status="B"), "transferred elsewhere"),
    Scenario("motor_vehicle", adult, _plain(status="MP"), "scrapped by order"),
    Scenario("motor_vehicle", adult, _plain(status="GC"), "stolen"),
    Scenario("motor_vehicle", adult, _car_not_authorised, "not authorised"),
    Scenario("motor_vehicle", in_company, _car_of_a_dead_man, "the owner is dead"),
    Scenario("motor_vehicle", supported, _car_of_supporter, "a supporter's car"),
    Scenario("second_dwelling", adult, _two_homes),
    Scenario("second_dwelling", adult, _small_homes, "just within the area a head"),
    Scenario("second_dwelling", adult, _second_is(title="3"), "destroyed"),
    Scenario("second_dwelling", adult, _second_is(title="0"), "sold"),
    Scenario("second_dwelling", adult, _second_is(use="80"), "garage"),
    Scenario("second_dwelling", adult, _second_is(use="90"), "homestead"),
    Scenario("second_dwelling", pair, _shared_home, "one unit, two owners"),
    Scenario("non_residential", adult, _shop),
    Scenario("non_residential", adult, lambda s: s.deed(use="20", title="3"), "destroyed"),
    Scenario("non_residential", adult, lambda s: s.deed(use="80"), "garage"),
    Scenario("recent_purchase", adult, lambda s: s.contract(day(2025, 6) + 30 * s.number % 400)),
    Scenario("recent_purchase", adult, lambda s: s.contract(day(2024, 11, 20)), "24 months ago"),
    Scenario("recent_purchase", adult, lambda s: s.contract(day(2026, 2), use="80"), "garage"),
    Scenario(
        "recent_purchase",
        adult,
        lambda s: s.contract(day(2026, 2), cancelled=day(2026, 4)),
        "taken back",
    ),
    Scenario("undeclared_spouse", alone, _marry, about_person=True),
    Scenario("undeclared_spouse", alone, _divorce, "divorced since", True),
    Scenario("undeclared_spouse", alone, _annulled, "annulled", True),
    Scenario("undeclared_spouse", alone, _widowed, "the spouse is dead", True),
    Scenario("undeclared_spouse", supported, _spouse_supports, "the spouse is a supporter", True),
)
