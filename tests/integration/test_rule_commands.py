"""`hedui rules`, `trace` and `preview` as a bureau uses them, on a simulated district."""

import csv
import re
import shutil
from pathlib import Path

import pytest
import yaml

from rules.rule import CATALOGUE_FOLDER
from store.ledger import Ledger
from store.snapshot import is_intact, open_snapshot
from store.workspace import open_workspace
from tests.conftest import POLICY, District, Hedui

FULL_NUMBER = re.compile(r"99\d{15}[\dX]")


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of the catalogue to break."""
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE_FOLDER, folder)
    return folder


def new_policy(tmp_path: Path, **values: object) -> Path:
    """The district's policy with other values, in force from 2026-11-01."""
    document = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
    for name, value in values.items():
        entries = document["parameters"][name.replace("__", ".")]
        entries.append({"from": "2026-11-01", "value": value, "source": "试"})
    path = tmp_path / "new.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return path


def test_every_rule_is_listed_and_can_be_shown(hedui_here: Hedui):
    listed = hedui_here("rules", "list")
    assert listed.returncode == 0
    assert "32" in listed.stdout.splitlines()[-1]
    shown = hedui_here("rules", "show", "income_over_line", "--rules", CATALOGUE_FOLDER)
    assert "dibao.standard.urban" in shown.stdout
    assert "社会救助法第18条、第19条、第21条" in shown.stdout
    english = hedui_here("rules", "show", "income_over_line", HEDUI_LANG="en")
    assert "Income a head above the line" in english.stdout


def test_the_cases_of_a_rule_are_run_and_a_wrong_one_ends_with_one(
    hedui_here: Hedui, catalogue: Path
):
    good = hedui_here("rules", "test", "in_service", "grace_overrun", "--rules", catalogue)
    assert good.returncode == 0, good.stdout + good.stderr
    path = catalogue / "in_service.sql"
    path.write_text(path.read_text(encoding="utf-8").replace("= '4'", "= '3'"), encoding="utf-8")
    bad = hedui_here("rules", "test", "in_service", "--rules", catalogue)
    assert bad.returncode == 1
    assert "in_service" in bad.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("in_service.yaml", "direction: over", "direction: odd", "in_service.yaml 第 2 行"),
        ("in_service.yaml", "holds:", "hold:", "conditions.holds"),
        ("in_service.sql", "select", "selekt", "in_service.sql 第"),
        ("in_service.sql", "clean.population", "clean.peoples", "clean.peoples"),
        ("in_service.examined.sql", "shared.counted_link", "shared.nothing", "shared.nothing"),
        ("in_service.cases.yaml", "- name:", "- nmae:", "in_service.cases.yaml"),
    ],
)
def test_a_broken_rule_is_refused_at_start_with_its_place(
    hedui_here: Hedui, catalogue: Path, name: str, old: str, new: str, said: str
):
    path = catalogue / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    refused = hedui_here("rules", "list", "--rules", catalogue)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_a_query_that_cannot_be_asked_is_refused_with_its_line(hedui_here: Hedui, catalogue: Path):
    path = catalogue / "in_service.sql"
    text = path.read_text(encoding="utf-8").replace("person_status = '4'", "person_state = '4'")
    path.write_text(text, encoding="utf-8")
    refused = hedui_here("rules", "test", "in_service", "--rules", catalogue)
    assert refused.returncode == 1
    assert "in_service.sql 第 10 行" in refused.stderr
    assert "person_state" in refused.stderr


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("in_service.yaml", "person_status = '4'", "person_state = '4'"),
        ("in_service.examined.sql", "population.person_status", "population.person_state"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_refused_with_its_line(
    hedui_here: Hedui, catalogue: Path, name: str, old: str, new: str
):
    path = catalogue / name
    text = path.read_text(encoding="utf-8").replace(old, new)
    path.write_text(text, encoding="utf-8")
    line = text[: text.index(new)].count("\n") + 1
    refused = hedui_here("rules", "test", "in_service", "--rules", catalogue)
    assert refused.returncode == 1
    assert f"{name} 第 {line} 行" in refused.stderr
    assert "person_state" in refused.stderr


def test_a_rule_without_one_of_its_files_is_refused(hedui_here: Hedui, catalogue: Path):
    (catalogue / "in_service.examined.sql").unlink()
    refused = hedui_here("rules", "list", "--rules", catalogue)
    assert refused.returncode == 1
    assert "in_service.examined.sql" in refused.stderr


def test_a_trace_says_each_condition_and_nobody_s_number(district: District, hedui_here: Hedui):
    with Ledger.open(open_workspace(district.workspace, create=False)) as ledger:
        opened = open_workspace(district.workspace, create=False)
        with open_snapshot(opened, ledger) as night:
            found = dict(
                night.rows(
                    "select rule, min(case_no) from judged.answer where answer = 'found'"
                    " and case_no is not null group by rule order by rule"
                )
            )
            home = night.rows(
                "select rule, min(household_no) from judged.finding where case_no is null"
                " and household_no is not null group by rule order by rule"
            )
    assert found
    for rule, case_no in list(found.items())[:4]:
        shown = hedui_here(
            "trace", "--workspace", district.workspace, "--case", case_no, "--rule", rule
        )
        assert shown.returncode == 0, shown.stderr
        assert "结果：有发现" in shown.stdout
        assert "✓ 成立" in shown.stdout
        assert "依据：" in shown.stdout
        assert not FULL_NUMBER.search(shown.stdout)
    for rule, household_no in home[:1]:
        place = ("--household", household_no, "--rule", rule)
        shown = hedui_here("trace", "--workspace", district.workspace, *place)
        assert "结果：有发现" in shown.stdout, shown.stderr
    wrong = hedui_here(
        "trace", "--workspace", district.workspace, "--case", "DB0", "--rule", "deceased"
    )
    assert wrong.returncode == 2


def test_a_preview_counts_who_would_come_and_go_and_changes_nothing(
    district: District, hedui_here: Hedui, tmp_path: Path
):
    workspace = tmp_path / "workspace"
    shutil.copytree(district.workspace, workspace)
    policy = new_policy(
        tmp_path,
        dibao__standard__urban=1110,
        visit__max_age_months=6,
        medical__hardship_listed=600000,
    )
    before = hedui_here("findings", "--workspace", workspace, "--format", "csv").stdout
    out = tmp_path / "changes.csv"
    tried = hedui_here("preview", "--workspace", workspace, "--policy", policy, "-o", out)
    assert tried.returncode == 0, tried.stderr
    assert "990102 dibao.standard.urban：1010 → 1110" in tried.stdout
    assert "保障人口数 ×（新标准－原标准）" in tried.stdout
    with out.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert any(row["变化"] == "appear" and row["规则"] == "入户走访超期" for row in rows)
    assert any(row["变化"] == "disappear" and "医疗" in row["规则"] for row in rows)
    assert all("*" in row["涉及人员"] for row in rows if row["涉及人员"])
    assert hedui_here("findings", "--workspace", workspace, "--format", "csv").stdout == before
    opened = open_workspace(workspace, create=False)
    with Ledger.open(opened) as ledger:
        assert is_intact(opened, ledger)
        with open_snapshot(opened, ledger) as night:
            people = night.rows(
                "select sum(beneficiary_count) from clean.household"
                " where scheme = '11' and benefit_status = '1'"
            )[0][0]
    assert f"{people * 100:+,.2f}" in tried.stdout


def test_a_preview_of_a_changed_rule_shows_whose_answer_differs(
    district: District, hedui_here: Hedui, catalogue: Path
):
    path = catalogue / "not_published.sql"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("active.published_date is null", "true"), encoding="utf-8")
    tried = hedui_here("preview", "--workspace", district.workspace, "--rules", catalogue)
    assert tried.returncode == 0, tried.stderr
    assert "新出现的发现" in tried.stdout
    assert "参数没有变化。" in tried.stdout
    nothing = hedui_here("preview", "--workspace", district.workspace)
    assert nothing.returncode == 2


def test_masking_changes_no_result(district: District, hedui_here: Hedui, tmp_path: Path):
    workspace = tmp_path / "workspace"
    shutil.copytree(district.workspace, workspace)
    masked, full = (
        list(
            csv.DictReader(
                hedui_here("findings", "--workspace", workspace, *more).stdout.splitlines()
            )
        )
        for more in ((), ("--unmasked", "--reason", "复核"))
    )
    personal = {"person_id_no", "person_name", "applicant_name", "evidence"}
    same = [{k: v for k, v in row.items() if k not in personal} for row in masked]
    assert same == [{k: v for k, v in row.items() if k not in personal} for row in full]
    assert same
    assert masked != full
