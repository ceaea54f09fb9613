"""What may be shown of a value, by class."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.masking import mask, mask_identity_numbers_in, mask_numbers_in


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("person_name", "张伟", "张*"),
        ("person_name", "欧阳建国", "欧***"),
        ("person_name", "买买提·艾力", "买*"),
        ("person_name", "Li Na", "L*"),
        ("person_name", "王", "王*"),
        ("id_no", "99010219800101002X", "990102********002X"),
        ("id_no", "990102800101002", "990102*****1002"),
        ("id_no", "无", "*"),
        ("plate", "示A12345", "示A****5"),
        ("plate", "示A", "**"),
        ("address", "示范区一街道幸福路12号3单元", "示范区一街道幸福路***"),
        ("address", "示范县青山镇李家村五组", "示范县青山镇李家村***"),
        ("address", "示范县青山镇", "示范县青山镇"),
        ("phone", "13900001234", "139******34"),
        ("birth_date", "1980-03-07", "1980-**-**"),
        ("birth_date", "19800307", "1980****"),
        ("birth_date", "1980年3月7日", "1980年*月*日"),
        ("birth_date", "07/03/1980", "**/**/****"),
        ("birth_date", "29287", "*****"),
        ("employer", "示范单位甲", "示范单位甲"),
        ("text", "GQ", "GQ"),
    ],
)
def test_values_are_masked_by_class(kind, value, shown):
    assert mask(kind, value) == shown


@given(st.text(alphabet="0123456789X", min_size=15, max_size=18))
def test_a_masked_number_never_shows_the_birth_date(value):
    assert len(mask("id_no", value)) == len(value)
    if len(value) in (15, 18):
        assert mask("id_no", value)[6:11] == "*****"
    else:
        assert set(mask("id_no", value)) == {"*"}


@given(st.text(min_size=2))
def test_a_masked_name_shows_one_character(value):
    shown = mask("person_name", value)
    assert set(shown[1:]) <= {"*"}


def test_numbers_in_free_text_are_masked_and_case_numbers_are_not():
    said = "复核 990102198003070015，案卷 DB990102001000123，旧证 990102800307001"
    assert mask_numbers_in(said) == (
        "复核 990102********0015，案卷 DB990102001000123，旧证 990102*****7001"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("复核９９０１０２１９８００３０７００１５。", "复核９９０１０２********００１５。"),
        ("990102 19800307 0015", "990102********0015"),
        ("990102-1980-0307-002x", "990102********002x"),
        ("99010219800307002X13900001234", "990102********002X13900001234"),
        ("证９９０１０２８００３０７００１", "证９９０１０２*****７００１"),
        ("ID990102198003070015", "ID990102********0015"),
        ("990102198003070015号码", "990102********0015号码"),
        ("990102198003070015abc", "990102********0015abc"),
        ("990102800307001abc", "990102*****7001abc"),
        ("9901021980030700157", "990102*********0157"),  # a digit too many
        ("99010219800307001", "990102*******7001"),  # a digit lost
        ("ID9901021980030700177", "ID990102********00177"),
        ("990102198003070017990102198003070025", "990102********0017990102********0025"),
        ("13900001234990102198003070017", "13900001234990102********0017"),
        ("1390000123499010219800307005X", "13900001234990102********005X"),
        ("工资卡6222021234567890", "工资卡622202******7890"),
        ("卡号6222021234567890123。", "卡号622202*********0123。"),
        ("6222 0212 3456 7890 123", "622202*********0123"),
        ("6222-0212-3456-7890", "622202******7890"),
        ("６２２２０２１２３４５６７８９０", "６２２２０２******７８９０"),
    ],
)
def test_numbers_in_free_text_are_masked_however_they_are_written(said, shown):
    assert mask_numbers_in(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "human_resources.pensions/2026-11-20-0123456789ab",
        "public_security.vehicles/2026-11-20/part-000.csv/12",
        "99010220261120000017",  # a case number of twenty digits
        "13900001234 13900005678",
        "授权书 2026-11-20 第 0015 号",
        "DB99010220010001234",  # letters and 17 digits: a case number
        "不动产单元 990102001001GB00001F00010001",
        "2026 11 20 1200 至 2026 11 21 0800",
        "金额 1234567.89 元，电话 0571-88001234",
    ],
)
def test_what_is_no_identity_number_stays_as_it_is(said):
    assert mask_numbers_in(said) == said


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("DB990102001000123", "DB990102001000123"),
        ("9901022001000123", "9901022001000123"),  # a case number of sixteen digits
        ("123456789012345a", "123456789012345a"),  # a finding's number
        ("990102198003070015", "990102********0015"),
        ("990102800307001", "990102*****7001"),
    ],
)
def test_of_a_reference_only_an_identity_number_is_masked(given, kept):
    assert mask_identity_numbers_in(given) == kept
