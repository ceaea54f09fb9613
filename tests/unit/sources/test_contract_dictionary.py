import shutil
from pathlib import Path

import pytest
import yaml

from domain.codes import BENEFIT_STATUSES, MEMBER_KINDS, RELATIONS, SCHEMES
from domain.errors import HeduiError
from sources import contract as module
from sources.contract import load_dictionary

FOLDER = Path(module.__file__).parent


@pytest.fixture
def copied(tmp_path):
    """The dictionary and contracts, to be broken."""
    shutil.copytree(FOLDER / "contracts", tmp_path / "contracts")
    shutil.copy(FOLDER / "datasets.yaml", tmp_path)
    return tmp_path


def edit(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_every_dataset_of_the_dictionary_has_its_contract_in_order():
    dictionary = load_dictionary()
    agreed = yaml.safe_load((FOLDER / "datasets.yaml").read_text("utf-8"))
    assert [c.dataset for c in dictionary] == [name for name in agreed if name != "codes"]
    assert [c.number for c in dictionary] == list(range(1, 17))
    for contract in dictionary:
        assert list(contract.headers) == list(agreed[contract.dataset]["columns"])
        assert list(contract.key) == agreed[contract.dataset]["key"]


def test_a_marked_column_must_be_there_and_must_have_a_value():
    vehicles = load_dictionary()["public_security.vehicles"]
    assert vehicles.by_header("HPHM").is_required
    assert not vehicles.by_header("HPHM").is_nullable
    assert not vehicles.by_header("CLPP").is_required
    assert vehicles.by_header("CLPP").is_nullable


def test_the_number_of_a_person_may_be_blank_but_its_column_must_be_there():
    owner = load_dictionary()["public_security.vehicles"].by_name("id_no")
    assert (owner.header, owner.is_required, owner.is_nullable) == ("SFZMHM", True, True)


def test_key_columns_must_be_there():
    presales = load_dictionary()["housing.presales"]
    assert all(presales.by_header(header).is_required for header in presales.key)
    assert presales.key_names == ("contract_no", "id_no", "name")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("scheme", SCHEMES),
        ("relation", RELATIONS),
        ("member_kind", MEMBER_KINDS),
        ("benefit_status", BENEFIT_STATUSES),
    ],
)
def test_codes_that_code_speaks_of_are_the_dictionarys(name, codes):
    agreed = yaml.safe_load((FOLDER / "datasets.yaml").read_text("utf-8"))
    assert codes == tuple(agreed["codes"][name])


def test_codes_are_text_even_where_they_look_like_numbers():
    households = load_dictionary()["civil_affairs.households"]
    assert households.by_name("scheme").codes["11"] == "城市低保"
    assert "01" in load_dictionary()["civil_affairs.members"].by_name("relation").codes


def test_a_marriage_names_two_persons():
    marriages = load_dictionary()["civil_affairs.marriages"]
    assert [person.role for person in marriages.persons] == ["husband", "wife"]


def test_adding_a_dataset_is_adding_files(copied):
    edit(
        copied / "datasets.yaml",
        "\ncodes:",
        "\nhousing.rents:\n  agency_zh: 住建\n  title: 租金\n  mode: full\n  cadence: daily\n"
        "  max_age_days: 3\n  key: [合同]\n  columns:\n    合同: text!\n    姓名: name!\n\ncodes:",
    )
    (copied / "contracts" / "housing.rents.yaml").write_text(
        "dataset: housing.rents\ntable: rent\ncolumns:\n  rent_no: {from: 合同}\n"
        "  name: {from: 姓名}\n",
        "utf-8",
    )
    rents = load_dictionary(copied)["housing.rents"]
    assert (rents.number, rents.key_names, rents.persons) == (17, ("rent_no",), ())


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("datasets.yaml", "HPHM: text!", "HPHM: words!", "HPHM"),
        ("datasets.yaml", "code:plate_kind", "code:plates", "HPZL"),
        ("datasets.yaml", "key: [HPZL, HPHM]", "key: [HPZL, XXX]", "XXX"),
        ("datasets.yaml", "  mode: full", "  mode: whole", "whole"),
        ("datasets.yaml", "    CLPP: text", "    HPHM: text", "given twice"),
        ("contracts/public_security.vehicles.yaml", "{from: CLPP}", "{from: HPHM}", "HPHM"),
        ("contracts/public_security.vehicles.yaml", "{from: CLPP}", "{from: 厂牌}", "厂牌"),
        ("contracts/public_security.vehicles.yaml", "{from: CLPP}", "{}", "make"),
        (
            "contracts/public_security.vehicles.yaml",
            "dataset: public_security.vehicles",
            "dataset: public_security.cars",
            "public_security.cars",
        ),
        ("contracts/public_security.vehicles.yaml", "id_no: id_no", "id_no: number", "number"),
    ],
)
def test_a_broken_file_is_refused_by_name(copied, monkeypatch, file, old, new, says):
    monkeypatch.setenv("HEDUI_LANG", "en")
    edit(copied / file, old, new)
    with pytest.raises(HeduiError) as refused:
        load_dictionary(copied)
    assert refused.value.key == "sources_contract_broken"
    assert refused.value.fields["path"] == Path(file).name
    assert says in str(refused.value)


def test_a_contract_and_its_dataset_go_together(copied):
    lone = copied / "contracts" / "public_security.vehicles.yaml"
    lone.rename(lone.with_name("public_security.boats.yaml"))
    with pytest.raises(HeduiError) as refused:
        load_dictionary(copied)
    assert "public_security.boats" in str(refused.value)
    (copied / "contracts" / "public_security.boats.yaml").unlink()
    with pytest.raises(HeduiError) as refused:
        load_dictionary(copied)
    assert "public_security.vehicles" in str(refused.value)
