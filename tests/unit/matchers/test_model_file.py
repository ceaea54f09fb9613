from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import HeduiError
from matchers.model import EXPERT_FILE, MODEL_FILE, Trained, load_model, model_version
from matchers.model_file import render_model, write_model


@pytest.mark.parametrize("path", [MODEL_FILE, EXPERT_FILE])
def test_a_model_written_reads_back_alike(path: Path, tmp_path: Path) -> None:
    model = load_model(path)
    write_model(model, tmp_path / "model.yaml")
    assert load_model(tmp_path / "model.yaml") == model


def test_the_shipped_model_is_a_fitted_one_written_by_the_program() -> None:
    model = load_model()
    assert MODEL_FILE.read_text(encoding="utf-8") == render_model(model)
    assert model.trained.records > 10_000
    assert "ECM" in model.trained.method
    assert model.errors["probable_wrong_share"] <= 0.002


@settings(deadline=None, max_examples=30)
@given(st.floats(1e-7, 1.0))
def test_any_chance_is_written_so_that_yaml_reads_a_number(chance: float) -> None:
    chance = float(f"{chance:.4g}")
    model = load_model()
    first = replace(model.levels[0], m=chance)
    lines = render_model(replace(model, levels=(first, *model.levels[1:]))).splitlines()
    line = next(line for line in lines if line.startswith(f"    {first.name}: "))
    assert "e-" not in line
    assert float(line.partition("m: ")[2].rstrip("}")) == pytest.approx(chance, rel=1e-3)


def test_comments_say_the_same_after_a_fit() -> None:
    def comments(text: str) -> list[str]:
        return [line.partition("#")[2] for line in text.splitlines() if "#" in line]

    before = comments(EXPERT_FILE.read_text(encoding="utf-8"))
    assert [one for one in comments(render_model(load_model())) if one in before] == before


def test_two_models_never_share_a_version(tmp_path: Path) -> None:
    model = load_model()
    other = replace(model, trained=Trained(date(2026, 1, 1), 5, "other"))
    write_model(other, tmp_path / "other.yaml")
    assert model_version(tmp_path / "other.yaml") != model_version()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(HeduiError, match="nowhere"):
        write_model(load_model(), tmp_path / "nowhere" / "model.yaml")
    assert list(tmp_path.iterdir()) == []
