"""Held deliveries are used once the people who must sign for them have."""

import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from delivering import csv_bytes, hand_over, hand_over_rows, rows_of

from domain.errors import HeduiError
from sources import acceptance
from sources.contract import load_dictionary
from sources.intake import take_in
from sources.release import check_signature, signatures, signatures_needed, with_releases
from sources.verdict import DeliveryState, Reason
from store.engines.duckdb import DuckDBEngine
from store.releases import Release
from store.workspace import open_workspace

PENSIONS = load_dictionary()["human_resources.pensions"]
DAY = date(2026, 11, 20)
BEFORE = DAY - timedelta(days=30)


@pytest.fixture(autouse=True)
def _without_the_slow_library(monkeypatch):
    monkeypatch.setattr(acceptance, "validate", lambda *_: [])


class Place:
    def __init__(self, home):
        self.inbox, self.workspace = home / "inbox", home / "workspace"
        open_workspace(self.workspace)

    def take_in(self, releases=(), as_of=DAY, full=False, today=None):
        with DuckDBEngine() as engine:
            intake = take_in(
                engine, inbox=self.inbox, workspace=self.workspace, as_of=as_of, full=full,
                releases=releases, today=today,
            )  # fmt: skip
            self.rows = engine.rows("select count(*) from clean.pension")[0][0]
            self.listed = engine.rows(
                "select state, is_in_force from clean.delivery where business_date = $day",
                {"day": DAY},
            )
        return intake

    def of(self, day, releases=(), **changes):
        intake = self.take_in(releases, **changes)
        return next(one for one in intake.deliveries if one.business_date == day)


@pytest.fixture
def shrunken(tmp_path):
    """A full extract a tenth of its size."""
    place = Place(tmp_path)
    hand_over_rows(place.inbox, PENSIONS, BEFORE, rows_of(PENSIONS, 300))
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 30))
    return place


def signed(delivery, by="李明", reason="已电话确认", **changes):
    given = {
        "delivery_id": delivery.delivery_id,
        "content_hash": delivery.content_hash,
        "held_for": tuple(map(str, delivery.held_for)),
        "by_name": by,
        "reason": reason,
        "at": datetime(2026, 11, 21, tzinfo=UTC),
    }
    return Release(**{**given, **changes})


def test_a_change_of_more_than_half_needs_two_different_people(shrunken):
    held = shrunken.of(DAY)
    assert held.state is DeliveryState.HELD
    assert signatures_needed(held.held_for) == 2
    one = signed(held)
    assert shrunken.of(DAY, [one]).state is DeliveryState.HELD
    assert shrunken.rows == 300
    assert shrunken.of(DAY, [one, signed(held, by="李 明")]).state is DeliveryState.HELD
    both = [one, signed(held, by="王芳")]
    assert shrunken.of(DAY, both).state is DeliveryState.RELEASED
    assert shrunken.rows == 30
    assert shrunken.listed == [("released", True)]


def test_a_release_stays_when_all_is_read_again_and_goes_with_its_signatures(shrunken):
    held = shrunken.of(DAY)
    both = [signed(held), signed(held, by="王芳")]
    again = shrunken.of(DAY, both, full=True)
    assert (again.state, again.delivery_id) == (DeliveryState.RELEASED, held.delivery_id)
    assert shrunken.of(DAY).state is DeliveryState.HELD


def test_later_deliveries_are_compared_with_a_released_one(shrunken):
    held = shrunken.of(DAY)
    both = [signed(held), signed(held, by="王芳")]
    later = DAY + timedelta(days=30)
    hand_over_rows(shrunken.inbox, PENSIONS, later, rows_of(PENSIONS, 31))
    assert shrunken.of(later, both, as_of=later).state is DeliveryState.ACCEPTED


def test_a_signature_is_for_the_bytes_and_the_reasons_it_was_given_for(shrunken):
    held = shrunken.of(DAY)
    other_bytes = signed(held, by="王芳", content_hash="0" * 64)
    other_reason = signed(held, by="王芳", held_for=("column_blank:AAE019:100%:0%",))
    assert signatures(held, [other_bytes, other_reason]) == ()
    other_figures = signed(held, held_for=("size_fell:31:290",))
    assert signatures(held, [other_figures]) == (other_figures,)


@pytest.mark.parametrize(
    ("reason", "needed"),
    [
        ("size_fell:30:300", 2),
        ("size_grew:3000:300", 2),
        ("people_changed:10:300:3%", 2),
        ("names_changed:10:300:3%", 2),
        ("township_gone:990102001:0:40:30%", 1),
        ("township_gone:990102001:0:90:60%", 2),
        ("column_blank:AAE019:60%:15%", 1),
        ("column_blank:AAE019:100%:0%", 2),
        ("status_constant:RYZT:0:90%", 1),
        ("status_constant:RYZT:0:40%", 2),
        ("codes_shifted:RYZT:0:50%:90%", 1),
        ("codes_shifted:RYZT:0:10%:90%", 2),
        ("replacement_shrunk:80:100", 1),
        ("replacement_shrunk:40:100", 2),
        ("checks_failed:key_unique:", 2),
        ("a_reason_of_a_later_version", 2),
    ],
)
def test_how_many_must_sign_follows_from_how_much_changed(reason, needed):
    assert signatures_needed([Reason.parse(reason)]) == needed


def test_only_what_is_held_can_be_signed_for_and_by_each_once(shrunken):
    held = shrunken.of(DAY)
    check_signature(held, [], "李明")
    with pytest.raises(HeduiError) as twice:
        check_signature(held, [signed(held)], "李明 ")
    assert twice.value.key == "delivery_signed_already"
    both = [signed(held), signed(held, by="王芳")]
    for delivery, key in (
        (shrunken.of(BEFORE), "delivery_not_held_accepted"),
        (with_releases(held, both), "delivery_not_held_released"),
    ):
        with pytest.raises(HeduiError) as fault:
            check_signature(delivery, both, "赵强")
        assert fault.value.key == key
        assert str(fault.value)


def test_other_people_under_the_same_size_are_held(tmp_path):
    place = Place(tmp_path)
    hand_over_rows(place.inbox, PENSIONS, BEFORE, rows_of(PENSIONS, 300))
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 300, first=200))
    held = place.of(DAY)
    assert [str(reason) for reason in held.held_for] == ["people_changed:100:300:33%"]


def test_a_column_of_names_that_slipped_by_a_row_is_held(tmp_path):
    place = Place(tmp_path)
    rows = rows_of(PENSIONS, 300)
    hand_over_rows(place.inbox, PENSIONS, BEFORE, rows)
    names = [row["AAC003"] for row in rows]
    slipped = [
        {**row, "AAC003": name} for row, name in zip(rows, names[-1:] + names[:-1], strict=True)
    ]
    hand_over_rows(place.inbox, PENSIONS, DAY, slipped)
    held = place.of(DAY)
    assert [str(reason) for reason in held.held_for] == ["names_changed:0:300:0%"]
    assert place.rows == 300


def test_the_same_date_again_takes_the_place_of_the_first_and_says_so(tmp_path):
    place = Place(tmp_path)
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 100))
    place.take_in()
    later = f"{DAY}T23:30:00+08:00"
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 101), produced_at=later)
    newest = place.take_in().deliveries[-1]
    assert [str(reason) for reason in newest.reasons] == ["replaces:100"]
    assert place.rows == 101
    cut = f"{DAY}T23:40:00+08:00"
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 20), produced_at=cut)
    newest = place.take_in().deliveries[-1]
    assert [str(reason) for reason in newest.held_for] == ["replacement_shrunk:20:101"]
    assert place.rows == 101


def test_an_older_date_that_comes_late_is_said_and_replaces_nothing_newer(tmp_path):
    place = Place(tmp_path)
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 100))
    place.take_in()
    late = f"{DAY + timedelta(days=1)}T09:00:00+08:00"
    hand_over_rows(place.inbox, PENSIONS, BEFORE, rows_of(PENSIONS, 99), produced_at=late)
    old = place.of(BEFORE)
    assert [str(reason) for reason in old.reasons] == [f"late:{DAY}"]
    assert place.rows == 100
    assert place.of(BEFORE, full=True).reasons == old.reasons
    assert place.of(DAY, full=True).reasons == ()


def test_a_time_of_production_that_has_not_come_wins_over_no_redelivery(tmp_path):
    place = Place(tmp_path)
    mistyped = f"{DAY.replace(year=DAY.year + 1)}T22:41:03+08:00"
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 100), produced_at=mistyped)
    (alone,) = [one for one in place.take_in().deliveries if one.business_date == DAY]
    assert [str(reason) for reason in alone.reasons] == [f"produced_ahead:{mistyped[:10]}"]
    assert alone.state.value == "accepted"
    assert place.rows == 100  # it is all there is
    mended = f"{DAY}T23:30:00+08:00"
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 101), produced_at=mended)
    newest = place.take_in().deliveries[-1]
    assert [str(reason) for reason in newest.reasons] == ["replaces:100"]
    assert place.rows == 101
    place.take_in(full=True, today=DAY.replace(year=DAY.year + 2))  # when that time has come
    assert place.rows == 101


def test_a_correction_received_in_a_rerun_of_an_old_date_counts(tmp_path):
    place = Place(tmp_path)
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 100))
    place.take_in()
    later = DAY + timedelta(days=30)
    corrected = f"{later}T09:00:00+08:00"
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 101), produced_at=corrected)
    newest = place.take_in(today=later).deliveries[-1]
    assert [str(reason) for reason in newest.reasons] == ["replaces:100"]
    assert place.rows == 101


@pytest.mark.parametrize("counts", [(100, 101), (101, 100)])
def test_of_two_produced_at_the_same_moment_the_one_received_later_counts(tmp_path, counts):
    """Whoever mends a file and its hash often leaves ``produced_at`` as it was."""
    place = Place(tmp_path)
    for count in counts:
        hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, count))
        newest = place.take_in().deliveries[-1]
    assert [str(reason) for reason in newest.reasons] == [f"replaces:{counts[0]}"]
    assert place.rows == counts[1]
    read_again = place.take_in(full=True).deliveries
    assert place.rows == counts[1]
    assert read_again[-1].reasons == newest.reasons
    assert read_again[0].reasons == ()


def test_of_several_produced_ahead_the_one_received_last_counts(tmp_path):
    place = Place(tmp_path)
    for year, count in ((2062, 100), (2036, 101)):
        hand_over_rows(
            place.inbox, PENSIONS, DAY, rows_of(PENSIONS, count),
            produced_at=f"{DAY.replace(year=year)}T22:00:00+08:00",
        )  # fmt: skip
        place.take_in()
    assert place.rows == 101


def test_two_of_one_date_that_come_in_one_night_are_received_in_the_order_of_their_names(tmp_path):
    place = Place(tmp_path)
    folder = hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 101))
    with zipfile.ZipFile(folder.with_name(f"{folder.name}.zip"), "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 100))
    place.take_in()
    assert place.rows == 101


@pytest.mark.parametrize(
    ("reason", "needed"),
    [
        ("column_blank:X:70%:20%", 1),
        ("column_blank:X:71%:20%", 2),
        ("status_constant:X:1:50%", 1),
        ("status_constant:X:1:49%", 2),
        ("codes_shifted:X:1:60%:10%", 1),
        ("codes_shifted:X:1:61%:10%", 2),
        ("codes_shifted:X:1:10%:60%", 1),
        ("township_gone:990102001:0:50:50%", 1),
        ("township_gone:990102001:0:51:51%", 2),
        ("replacement_shrunk:50:100", 1),
        ("replacement_shrunk:49:100", 2),
        ("replacement_shrunk:50:101", 2),
        ("size_fell:50:100", 2),  # of the size as a whole, whatever the figures
        ("of_a_later_version:1", 2),
    ],
)
def test_exactly_half_is_not_more_than_half(reason, needed):
    assert signatures_needed([Reason.parse(reason)]) == needed
    assert (
        signatures_needed([Reason.parse("column_blank:X:30%:20%"), Reason.parse(reason)]) == needed
    )


def test_a_day_ahead_is_a_clock_of_another_zone(tmp_path):
    place = Place(tmp_path)
    tomorrow = f"{DAY + timedelta(days=1)}T22:00:00+08:00"
    hand_over_rows(place.inbox, PENSIONS, DAY, rows_of(PENSIONS, 100), produced_at=tomorrow)
    assert place.take_in().deliveries[-1].reasons == ()


def test_a_changed_normaliser_reads_every_delivery_again_from_the_bytes_received(
    tmp_path, monkeypatch
):
    from sources import verdict

    place = Place(tmp_path)
    folder = hand_over_rows(place.inbox, PENSIONS, BEFORE, rows_of(PENSIONS, 100))
    hand_over(
        place.inbox,
        PENSIONS,
        DAY,
        {"a.csv": (csv_bytes(PENSIONS.headers, rows_of(PENSIONS, 101)), 101)},
    )
    first = place.take_in()
    assert place.take_in().newly_read == ()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    for module in (verdict, acceptance):
        monkeypatch.setattr(module, "NORMALISER_VERSION", "next")
    again = place.take_in()
    assert {one.normaliser for one in again.deliveries} == {"next"}
    assert [one.counts for one in again.deliveries] == [one.counts for one in first.deliveries]
    assert place.rows == 101
