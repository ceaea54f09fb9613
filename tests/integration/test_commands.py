"""The commands that others script against: names, columns, exit statuses, nothing half written."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import AS_OF, DAY_AFTER, POLICY, District, Hedui

FINDINGS = {
    "finding_id", "rule", "direction", "grade", "case_no", "household_no", "person_id_no",
    "person_name", "township", "at_risk", "status", "first_seen", "last_seen", "as_of", "evidence",
}  # fmt: skip
LINKS = {"dataset", "business_date", "file", "row", "subject", "grade", "score", "why"}
ANSWERS = {"case_no", "rule", "answer", "reason"}
FULL_NUMBER = re.compile(r"99\d{4}(18|19|20)\d{9}[\dX]")


def rows(done: "subprocess.CompletedProcess[str]") -> list[dict[str, str]]:
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_findings_have_the_agreed_columns_and_are_masked(district: District, hedui: Hedui):
    found = rows(hedui("findings", "--workspace", district.workspace, "--format", "csv"))
    assert found
    assert set(found[0]) >= FINDINGS
    assert {row["as_of"] for row in found} == {AS_OF}
    assert {row["direction"] for row in found} == {"over", "under", "data", "supervision"}
    assert {row["grade"] for row in found} == {"flag", "verify"}
    assert {row["status"] for row in found} == {"new"}
    assert all(row["evidence"] and "\n" not in row["evidence"] for row in found)
    text = "\n".join(",".join(row.values()) for row in found)
    assert not FULL_NUMBER.search(text)
    named = [row["person_name"] for row in found if row["person_name"]]
    assert named
    assert all("*" in name for name in named)


def test_full_values_need_a_reason_and_the_look_is_recorded(
    district: District, hedui: Hedui, tmp_path: Path
):
    workspace = tmp_path / "workspace"
    shutil.copytree(district.workspace, workspace)
    refused = hedui("findings", "--workspace", workspace, "--format", "csv", "--unmasked")
    assert refused.returncode == 2
    assert "--reason" in refused.stderr
    shown = rows(
        hedui(
            "findings",
            "--workspace",
            workspace,
            "--format",
            "csv",
            "--unmasked",
            "--reason",
            "复核",
        )
    )
    assert any(FULL_NUMBER.fullmatch(row["person_id_no"]) for row in shown)
    log = hedui("log", "show", "--workspace", workspace)
    assert log.returncode == 0
    assert "复核" in log.stdout


def test_links_name_the_row_and_the_subject(district: District, hedui: Hedui, tmp_path: Path):
    target = tmp_path / "links.parquet"
    done = hedui("links", "--workspace", district.workspace, "--format", "parquet", "-o", target)
    assert done.returncode == 0, done.stderr
    table = pq.read_table(target)
    assert set(table.column_names) >= LINKS
    assert set(table["grade"].to_pylist()) == {"certain", "probable"}
    assert all(re.fullmatch(r".+#\d+", subject) for subject in table["subject"].to_pylist())
    assert min(table["row"].to_pylist()) >= 1
    assert all(table["why"].to_pylist())


def test_every_active_case_has_an_answer_to_every_rule(district: District, hedui: Hedui):
    done = hedui("answers", "--workspace", district.workspace, "--format", "json")
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert set(answers[0]) >= ANSWERS
    assert {answer["answer"] for answer in answers} == {"found", "clear", "not_checked"}
    assert all(answer["reason"] for answer in answers if answer["answer"] == "not_checked")
    by_case: dict[str, set[str]] = {}
    for answer in answers:
        if answer["case_no"]:
            by_case.setdefault(answer["case_no"], set()).add(answer["rule"])
    most = max(len(rules) for rules in by_case.values())
    assert most >= 25
    assert sum(len(rules) == most for rules in by_case.values()) > len(by_case) / 2


def test_running_a_date_again_changes_nothing(district: District, hedui: Hedui, tmp_path: Path):
    workspace = tmp_path / "workspace"
    shutil.copytree(district.workspace, workspace)
    before = hedui("findings", "--workspace", workspace, "--format", "csv").stdout
    night = (
        "run",
        "--inbox",
        district.inbox,
        "--policy",
        POLICY,
        "--as-of",
        AS_OF,
        "--workspace",
        workspace,
    )
    assert hedui(*night).returncode == 0
    assert hedui("findings", "--workspace", workspace, "--format", "csv").stdout == before
    assert hedui(*night, "--full").returncode == 0
    assert hedui("findings", "--workspace", workspace, "--format", "csv").stdout == before


def test_a_night_done_before_is_told_in_the_language_in_use(
    district: District, hedui: Hedui, tmp_path: Path
):
    workspace = tmp_path / "workspace"
    shutil.copytree(district.workspace, workspace)
    arriving = tmp_path / "inbox" / "housing" / "presales" / AS_OF
    arriving.mkdir(parents=True)
    night = (
        "run", "--inbox", tmp_path / "inbox", "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", workspace,
    )  # fmt: skip
    page = workspace / "reports" / AS_OF / f"hedui-{AS_OF}.html"
    workbook = page.with_suffix(".xlsx")
    assert 'lang="zh"' in page.read_text(encoding="utf-8")
    said = hedui(*night, HEDUI_LANG="en")
    assert said.returncode == 0, said.stderr
    assert "already checked" in said.stdout
    assert "written again" in said.stdout
    assert "1 delivery folder(s) without a manifest.json" in said.stdout
    assert 'lang="en"' in page.read_text(encoding="utf-8")
    written = (page.stat().st_mtime_ns, workbook.stat().st_mtime_ns)
    again = hedui(*night, HEDUI_LANG="en")
    assert "written again" not in again.stdout
    assert (page.stat().st_mtime_ns, workbook.stat().st_mtime_ns) == written
    workbook.unlink()
    back = hedui(*night)
    assert "重新写出" in back.stdout
    assert 'lang="zh"' in page.read_text(encoding="utf-8")
    assert workbook.is_file()


def test_the_next_night_keeps_identities_and_a_missing_source_closes_nothing(
    district: District, hedui: Hedui, tmp_path: Path
):
    inbox, workspace = tmp_path / "inbox", tmp_path / "workspace"
    for place, copy in (
        (district.inbox, inbox),
        (district.truth, tmp_path / "truth"),
        (district.workspace, workspace),
    ):
        shutil.copytree(place, copy)
    first = {row["finding_id"]: row for row in rows(hedui("findings", "--workspace", workspace))}
    made = hedui("simulate", "--residents", 3000, "--as-of", DAY_AFTER, "--seed", 7, "--out", inbox)
    assert made.returncode == 0, made.stderr
    # Nothing of the vehicles was ever received, here or before.
    shutil.rmtree(inbox / "public_security" / "vehicles")
    shutil.rmtree(workspace / "clean" / "public_security.vehicles")
    done = hedui(
        "run", "--inbox", inbox, "--policy", POLICY, "--as-of", DAY_AFTER,
        "--workspace", workspace,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    second = {row["finding_id"]: row for row in rows(hedui("findings", "--workspace", workspace))}
    kept = first.keys() & second.keys()
    assert len(kept) > 0.9 * len(first)
    assert all(second[key]["status"] == "open" for key in kept)
    assert all(second[key]["first_seen"] == AS_OF for key in kept)
    vehicles = {key for key, row in first.items() if row["rule"] == "motor_vehicle"}
    assert vehicles
    assert vehicles <= kept
    assert {second[key]["confirmed"].lower() for key in vehicles} == {"false"}


def test_help_is_in_the_language_asked_for_either_way(hedui: Hedui):
    chinese, english = (hedui("run", "--help", HEDUI_LANG=language) for language in ("zh", "en"))
    assert (chinese.returncode, english.returncode) == (0, 0)
    assert "夜间核对" in chinese.stdout
    assert "nightly cross-check" in english.stdout
    assert hedui("--lang", "en", "run", "--help").stdout == english.stdout


def test_wrong_usage_exits_with_two(hedui: Hedui, tmp_path: Path):
    assert hedui("run").returncode == 2
    assert hedui("nonsense").returncode == 2
    assert hedui("findings", "--workspace", tmp_path, "--format", "xml").returncode == 2
    wrong = hedui(
        "run",
        "--inbox",
        tmp_path,
        "--policy",
        POLICY,
        "--as-of",
        "20/11/2026",
        "--workspace",
        tmp_path / "w",
    )
    assert wrong.returncode == 2
    assert "2026-11-20" in wrong.stderr


def one_line_failure(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert done.returncode == 1, done.stdout
    lines = [line for line in done.stderr.splitlines() if not line.endswith("…")]
    assert len(lines) == 1, done.stderr
    for word in words:
        assert word in lines[0]


class TestBadInput:
    """Each: one line that says what and where, exit status 1, nothing half written."""

    def night(self, hedui_here: Hedui, inbox: Path, workspace: Path, policy: Path = POLICY):
        return hedui_here(
            "run", "--inbox", inbox, "--policy", policy, "--as-of", AS_OF, "--workspace", workspace
        )

    def test_no_inbox(self, hedui_here: Hedui, tmp_path: Path):
        done = self.night(hedui_here, tmp_path / "nowhere", tmp_path / "w")
        one_line_failure(done, str(tmp_path / "nowhere"))
        assert not (tmp_path / "w").exists()

    def test_an_empty_inbox(self, hedui_here: Hedui, tmp_path: Path):
        (tmp_path / "inbox").mkdir()
        one_line_failure(
            self.night(hedui_here, tmp_path / "inbox", tmp_path / "w"), str(tmp_path / "inbox")
        )
        assert not (tmp_path / "w").exists()

    def test_an_unknown_dataset(self, hedui_here: Hedui, tmp_path: Path):
        folder = tmp_path / "inbox" / "public_security" / "boats" / AS_OF
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        done = self.night(hedui_here, tmp_path / "inbox", tmp_path / "w")
        one_line_failure(done, "boats")
        assert not (tmp_path / "w").exists()

    def test_only_a_folder_without_manifest(self, hedui_here: Hedui, tmp_path: Path):
        folder = tmp_path / "inbox" / "public_security" / "vehicles" / AS_OF
        folder.mkdir(parents=True)
        (folder / "part-000.csv").write_text("HPHM\n")
        one_line_failure(self.night(hedui_here, tmp_path / "inbox", tmp_path / "w"), "manifest")

    def test_an_unreadable_manifest(self, hedui_here: Hedui, tmp_path: Path):
        folder = tmp_path / "inbox" / "public_security" / "vehicles" / AS_OF
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text('{"agency": ')
        one_line_failure(self.night(hedui_here, tmp_path / "inbox", tmp_path / "w"), "vehicles")

    def test_a_policy_without_a_needed_parameter(
        self, district: District, hedui_here: Hedui, tmp_path: Path
    ):
        lines = POLICY.read_text(encoding="utf-8").replace(
            "visit.max_age_months", "visit.other_months"
        )
        policy = tmp_path / "policy.yaml"
        policy.write_text(lines, encoding="utf-8")
        done = self.night(hedui_here, district.inbox, tmp_path / "w", policy)
        one_line_failure(done, "policy.yaml")
        assert not (tmp_path / "w").exists()

    def test_a_policy_that_is_no_yaml(self, district: District, hedui_here: Hedui, tmp_path: Path):
        policy = tmp_path / "policy.yaml"
        policy.write_text("division: [", encoding="utf-8")
        one_line_failure(
            self.night(hedui_here, district.inbox, tmp_path / "w", policy), "policy.yaml"
        )

    def test_a_workspace_that_is_a_file(
        self, district: District, hedui_here: Hedui, tmp_path: Path
    ):
        (tmp_path / "w").write_text("something")
        one_line_failure(
            self.night(hedui_here, district.inbox, tmp_path / "w"), str(tmp_path / "w")
        )

    def test_a_workspace_that_never_ran(self, hedui_here: Hedui, tmp_path: Path):
        done = hedui_here("findings", "--workspace", tmp_path / "w", "--format", "csv")
        one_line_failure(done, str(tmp_path / "w"))


def test_a_second_run_beside_the_first_is_told_so(district: District, tmp_path: Path):
    program = Path(sys.executable).parent / "hedui"
    workspace = tmp_path / "workspace"
    shutil.copytree(district.workspace, workspace)
    night = [
        program, "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", DAY_AFTER,
        "--workspace", workspace,
    ]  # fmt: skip
    with subprocess.Popen(
        night, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as first:
        assert first.stderr is not None
        assert first.stderr.readline()  # it says its first step once it has the lock
        second = subprocess.run(night, capture_output=True, text=True, check=False)
        first.communicate(timeout=300)
    assert second.returncode == 75
    assert str(workspace) in second.stderr
    assert first.returncode == 0
