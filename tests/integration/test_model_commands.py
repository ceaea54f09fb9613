"""`hedui model` as its user meets it."""

from pathlib import Path

import pytest

from matchers.model import load_model
from tests.conftest import AS_OF, POLICY, District, Hedui


@pytest.fixture(scope="module")
def fitted(district: District, hedui_here: Hedui, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model fitted to the district."""
    output = tmp_path_factory.mktemp("fitted") / "model.yaml"
    done = hedui_here("model", "fit", "--workspace", district.workspace, "-o", output, "--seed", 4)
    assert done.returncode == 0, done.stderr
    assert str(output.name) in done.stdout.replace("\n", "")
    return output


def test_a_model_is_fitted_with_its_date_size_method_and_errors(fitted: Path) -> None:
    model = load_model(fitted)
    assert model.version == f"{AS_OF}.4"
    assert model.trained.on.isoformat() == AS_OF
    assert model.trained.records > 500
    assert "ECM" in model.trained.method
    assert model.errors["probable_wrong_share"] <= 0.002
    assert 0 < model.errors["probable_missed_share"] < 0.5


def test_what_it_learned_is_like_what_befell_the_records(fitted: Path) -> None:
    levels = {(at.comparison, at.name): at for at in load_model(fitted).levels}
    assert levels["name", "same"].m > 0.9
    assert levels["name", "homophone"].m < 0.03
    assert levels["birth", "same"].m > 0.95
    assert 1 / 60_000 < (levels["birth", "same"].u or 0) < 1 / 15_000
    assert abs((levels["sex", "same"].u or 0) - 0.5) < 0.01


def test_the_same_records_and_seed_give_the_same_bytes(
    district: District, fitted: Path, hedui_here: Hedui, tmp_path: Path
) -> None:
    again = tmp_path / "again.yaml"
    done = hedui_here("model", "fit", "--workspace", district.workspace, "-o", again, "--seed", 4)
    assert done.returncode == 0, done.stderr
    assert again.read_bytes() == fitted.read_bytes()


def test_show_says_when_and_from_what_a_model_was_made(fitted: Path, hedui_here: Hedui) -> None:
    shown = hedui_here("--lang", "en", "model", "show", fitted)
    assert shown.returncode == 0, shown.stderr
    said = " ".join(shown.stdout.split())
    assert f"made {AS_OF} from" in said
    assert "expected by the model" in said
    assert "homophone" in said


def test_a_run_refuses_a_model_that_cannot_be_read_before_it_writes_anything(
    district: District, hedui_here: Hedui, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 1\n", encoding="utf-8")
    workspace = tmp_path / "workspace"
    ran = hedui_here(
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", workspace, "--model", broken,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "broken.yaml" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert not workspace.exists()
