"""People say what pairs are, the next night goes by it; every link can be asked why."""

import csv
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.conftest import AS_OF, POLICY, District, Hedui

Row = dict[str, str]


@pytest.fixture
def workspace(district: District, tmp_path: Path) -> Path:
    """A copy of the night's workspace that a test may write into."""
    return Path(shutil.copytree(district.workspace, tmp_path / "workspace"))


def links(hedui_here: Hedui, workspace: Path, file: Path) -> list[dict[str, object]]:
    done = hedui_here("links", "--workspace", workspace, "--format", "parquet", "-o", file)
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, object]] = pq.read_table(file).to_pylist()
    return rows


def exported(hedui_here: Hedui, workspace: Path, file: Path) -> list[Row]:
    done = hedui_here("review", "export", "--workspace", workspace, "-o", file)
    assert done.returncode == 0, done.stderr
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fill(file: Path, rows: list[Row], verdicts: dict[str, str]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        for row in rows:
            writer.writerow(row | {"结论": verdicts.get(row["编号"], "")})


def test_a_review_is_masked_and_blind_to_the_score(
    workspace: Path, hedui_here: Hedui, tmp_path: Path
) -> None:
    rows = exported(hedui_here, workspace, tmp_path / "pairs.csv")
    assert rows
    assert not {"score", "分数", "把握"} & set(rows[0])
    assert all("*" in row["登记姓名"] for row in rows)
    assert all(row["结论"] == "" for row in rows)


def test_a_persons_word_outranks_the_model_in_the_next_run(
    district: District, workspace: Path, hedui_here: Hedui, tmp_path: Path
) -> None:
    before = links(hedui_here, workspace, tmp_path / "before.parquet")
    file = tmp_path / "pairs.csv"
    rows = exported(hedui_here, workspace, file)
    linked = {(row["subject"], row["subject_name"]) for row in before if row["grade"] == "probable"}
    denied = next(row for row in rows if (row["救助证号#序号"], row["名册姓名"]) in linked)
    affirmed = next(row for row in rows if row["救助证号#序号"] != denied["救助证号#序号"])
    fill(file, rows, {denied["编号"]: "不是同一人", affirmed["编号"]: "同一人"})
    said = hedui_here("review", "import", file, "--workspace", workspace, "--by", "核对员甲")
    assert said.returncode == 0, said.stderr
    again = hedui_here(
        "run", "--inbox", district.inbox, "--policy", POLICY, "--as-of", AS_OF,
        "--workspace", workspace,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    after = links(hedui_here, workspace, tmp_path / "after.parquet")
    place = ("dataset", "business_date", "file", "row", "role", "subject")
    gone = {tuple(row[key] for key in place) for row in before} - {
        tuple(row[key] for key in place) for row in after
    }
    assert denied["救助证号#序号"] in {key[-1] for key in gone}
    decided = [row for row in after if row["subject"] == affirmed["救助证号#序号"]]
    assert any(row["grade"] == "certain" for row in decided)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"结论": "也许"}, "结论“也许”无法识别"),
        ({"编号": "0000000000000000", "结论": "同一人"}, "不在最近一次运行的比对表中"),
    ],
)
def test_a_sheet_that_cannot_be_read_notes_nothing(
    workspace: Path, hedui_here: Hedui, tmp_path: Path, change: Row, says: str
) -> None:
    file = tmp_path / "pairs.csv"
    rows = exported(hedui_here, workspace, file)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerow(rows[0] | change)
    done = hedui_here("review", "import", file, "--workspace", workspace, "--by", "甲")
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_every_link_can_be_asked_why_and_drawn(
    district: District, hedui_here: Hedui, tmp_path: Path
) -> None:
    rows = links(hedui_here, district.workspace, tmp_path / "links.parquet")
    probable = next(row for row in rows if row["grade"] == "probable")
    record = (
        f"{probable['dataset']}/{probable['business_date']}/{probable['file']}/{probable['row']}"
    )
    picture = tmp_path / "why.svg"
    done = hedui_here("why", "--workspace", district.workspace, "--record", record, "-o", picture)
    assert done.returncode == 0, done.stderr
    assert str(probable["subject"]) in done.stdout
    assert "姓名" in done.stdout
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_a_record_that_is_not_somebodys_says_why_not(
    district: District, hedui_here: Hedui, tmp_path: Path
) -> None:
    rows = links(hedui_here, district.workspace, tmp_path / "links.parquet")
    certain = [row for row in rows if row["grade"] == "certain"]
    one, other = certain[0], next(r for r in certain if r["subject"] != certain[0]["subject"])
    record = f"{one['dataset']}/{one['business_date']}/{one['file']}/{one['row']}"
    done = hedui_here(
        "whynot", "--workspace", district.workspace, "--record", record,
        "--subject", other["subject"],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "有效而不同的号码绝不关联" in done.stdout


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("nonsense", "不是记录的位置"),
        ("public_security.vehicles/part-000.csv/99999999", "没有"),
        ("no.such/part-000.csv/1", "数据字典中没有"),
    ],
)
def test_a_place_that_is_none_is_said_in_one_line(
    district: District, hedui_here: Hedui, record: str, says: str
) -> None:
    done = hedui_here("why", "--workspace", district.workspace, "--record", record)
    assert done.returncode == 1
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
