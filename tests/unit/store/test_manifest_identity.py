"""The manifest names a run: the same inputs the same run, another input another."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.manifest import DeliveryInForce, RunManifest, code_version, hash_files

DELIVERIES = tuple(
    DeliveryInForce(f"a.d{place}", date(2026, 11, place), f"{place:x}" * 64)
    for place in range(1, 5)
)
MANIFEST = RunManifest(
    as_of=date(2026, 11, 20),
    deliveries=DELIVERIES,
    policies={"990102.yaml": "p1", "990103.yaml": "p2"},
    rules={"deceased": "r1", "moved_out": "r2"},
    code_version="0.1.0+1",
    model_version="m1",
    divisions=("990102", "990103"),
)


@given(st.permutations(DELIVERIES))
def test_the_order_of_what_was_delivered_never_matters(
    deliveries: list[DeliveryInForce],
) -> None:
    told = replace(
        MANIFEST,
        deliveries=(*deliveries, deliveries[0]),
        policies=dict(reversed(MANIFEST.policies.items())),
        divisions=("990103", "990102"),
    )
    assert told.canonical_json() == MANIFEST.canonical_json()


@pytest.mark.parametrize(
    "other",
    [
        replace(MANIFEST, as_of=date(2026, 11, 21)),
        replace(MANIFEST, deliveries=DELIVERIES[1:]),
        replace(MANIFEST, policies={"990102.yaml": "p1x", "990103.yaml": "p2"}),
        replace(MANIFEST, rules={"deceased": "r1"}),
        replace(MANIFEST, code_version="0.1.0+2"),
        replace(MANIFEST, model_version="m2"),
        replace(MANIFEST, divisions=("990102",)),
        replace(MANIFEST, others={"decisions": "d1"}),
    ],
)
def test_any_other_input_is_another_run(other: RunManifest) -> None:
    assert other.run_id != MANIFEST.run_id
    assert other.manifest_hash != MANIFEST.manifest_hash


def test_a_run_is_called_by_its_date_and_hash() -> None:
    assert MANIFEST.run_id == f"2026-11-20-{MANIFEST.manifest_hash[:8]}"


def test_files_are_hashed_by_name_and_content(tmp_path: Path) -> None:
    for name in ("a.sql", "b.sql"):
        (tmp_path / name).write_text(name)
    first = hash_files(tmp_path.iterdir(), tmp_path)
    assert hash_files(sorted(tmp_path.iterdir(), reverse=True), tmp_path) == first
    (tmp_path / "a.sql").rename(tmp_path / "c.sql")
    assert hash_files(tmp_path.iterdir(), tmp_path) != first


def test_the_code_version_says_which_code() -> None:
    version, _, digits = code_version().partition("+")
    assert version
    assert len(digits) == 8
