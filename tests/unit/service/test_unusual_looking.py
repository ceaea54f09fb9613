"""Looking that a supervisor should hear of is found, and ordinary work is not."""

from datetime import UTC, datetime, timedelta

from domain.dates import HERE
from service.unusual import find_unusual
from store.access_log import LoggedLook, Look

MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in Asia/Shanghai


def logged(number: int, look: Look, at: datetime = MORNING) -> LoggedLook:
    return LoggedLook(number, at, look, "-")


def kinds(*entries: LoggedLook) -> dict[str, tuple[int, ...]]:
    return {one.kind: one.entries for one in find_unusual(entries)}


def test_an_ordinary_morning_is_not_unusual():
    looks = [
        logged(
            n, Look("li", "check", "受理", target=f"DB99010200000{n * 37:04}", subjects=(f"p{n}",))
        )
        for n in range(1, 20)
    ]
    assert kinds(*looks) == {}


def test_kin_and_neighbours_are_named():
    assert kinds(logged(1, Look("li", "check", "受理", marks=("same_surname",)))) == {
        "same_surname": (1,)
    }
    assert kinds(logged(2, Look("li", "check", "受理", marks=("same_address",)))) == {
        "same_address": (2,)
    }


def test_one_person_again_and_again_is_named_from_the_fifth_look():
    looks = [logged(n, Look("li", "finding", "查看", subjects=("p1",))) for n in range(1, 6)]
    assert kinds(*looks[:4]) == {}
    assert kinds(*looks) == {"repeated": (1, 2, 3, 4, 5)}


def test_reading_and_printing_the_slip_of_one_check_is_one_look_and_another_slip_another():
    def done(number: int, action: str, target: str) -> LoggedLook:
        return logged(number, Look("li", action, "受理", target=target, subjects=("p1",)))

    work = [
        done(1, "check", "SQ1"), done(2, "slip", "HD-1"), done(3, "print", "HD-1"),
        done(4, "watch", "HD-1"), done(5, "slip", "HD-1"), done(6, "slip", "HD-1"),
    ]  # fmt: skip
    assert kinds(*work) == {}
    others = [done(n, "slip", f"HD-{n * 10}") for n in range(7, 10)]
    assert kinds(*work, *others) == {"repeated": tuple(range(1, 10))}


def test_paging_through_a_list_is_no_look_at_anybody_unless_it_was_narrowed_to_a_case():
    seen = {"subjects": ("p1", "p2"), "marks": ("same_surname",)}
    listed = [logged(n, Look("li", "list:findings", "浏览", **seen)) for n in range(1, 9)]
    assert kinds(*listed) == {}
    narrowed = [
        logged(n, Look("li", "list:findings", "浏览", target="DB7", **seen)) for n in range(1, 6)
    ]
    assert kinds(*narrowed) == {"same_surname": (1, 2, 3, 4, 5), "repeated": (1, 2, 3, 4, 5)}


def test_the_same_person_looked_at_by_several_users_is_no_repeat():
    looks = [logged(n, Look(f"u{n}", "finding", "查看", subjects=("p1",))) for n in range(1, 8)]
    assert kinds(*looks) == {}


def test_looking_at_night_is_named_and_signing_in_at_night_is_not():
    night = MORNING + timedelta(hours=13)
    assert kinds(logged(1, Look("li", "check", "受理"), night)) == {"at_night": (1,)}
    assert kinds(logged(1, Look("li", "sign_in", "登录"), night)) == {}


def test_the_night_is_from_nine_to_six_on_the_clock_of_the_bureau():
    def at(hour: int, minute: int) -> LoggedLook:
        moment = datetime(2026, 11, 20, hour, minute, tzinfo=HERE).astimezone(UTC)
        return logged(1, Look("li", "check", "受理"), moment)

    for hour, minute, is_night in ((20, 59, 0), (21, 0, 1), (0, 0, 1), (5, 59, 1), (6, 0, 0)):
        assert kinds(at(hour, minute)) == ({"at_night": (1,)} if is_night else {})


def test_a_household_of_people_born_alike_is_nobodys_trying():
    """Marks are those of all whom a look showed: of several people they say of none whose."""
    looks = [
        logged(n, Look("li", "check", "受理", subjects=(f"p{n}", f"q{n}"), marks=("block:abc",)))
        for n in range(1, 5)
    ]
    assert kinds(*looks) == {}


def test_numbers_tried_one_after_another_are_named_refused_ones_included():
    looks = [
        logged(n, Look("li", "refused:check" if n % 2 else "check", "受理", target=f"DB{100 + n}"))
        for n in range(1, 5)
    ]
    assert kinds(*looks) == {"enumerated": (1, 2, 3, 4)}
    assert kinds(*looks[:3]) == {}


def test_people_of_one_birth_date_tried_one_after_another_are_named():
    looks = [
        logged(n, Look("li", "check", "受理", subjects=(f"p{n}",), marks=("block:abc",)))
        for n in range(1, 5)
    ]
    assert kinds(*looks) == {"enumerated": (1, 2, 3, 4)}


def test_deciding_on_what_was_opened_is_no_look_of_its_own():
    """A household with four findings is opened four times, and four times something is said."""
    work = []
    for number in range(1, 9, 2):
        finding = Look("li", "finding", "", target=f"f{number}", subjects=("p1",))
        said = Look("li", "decide:finding", "", target=f"f{number}", subjects=("p1",))
        work += [logged(number, finding), logged(number + 1, said)]
    assert kinds(*work) == {}
