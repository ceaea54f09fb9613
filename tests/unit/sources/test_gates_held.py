from hypothesis import given
from hypothesis import strategies as st

from sources import gates
from sources.contract import load_dictionary
from sources.turnover import Turnover

HOUSEHOLDS = load_dictionary()["civil_affairs.households"]
SETTLEMENTS = load_dictionary()["medical_insurance.settlements"]


def profile(rows, townships=None, blank=None, codes=None):
    return {
        "rows": rows,
        "townships": townships or {},
        "blank": blank or {},
        "codes": codes or {},
    }


def held(contract, now, *before):
    return [str(reason) for reason in gates.judge(contract, now, before)]


def test_a_first_delivery_has_nothing_to_be_unlike():
    assert held(HOUSEHOLDS, profile(3)) == []


def test_a_full_extract_a_tenth_of_its_size_is_held():
    assert held(HOUSEHOLDS, profile(100), profile(1000)) == ["size_fell:100:1000"]
    assert held(HOUSEHOLDS, profile(0), profile(1000)) == ["size_fell:0:1000"]


def test_a_full_extract_many_times_its_size_is_held():
    assert held(HOUSEHOLDS, profile(9000), profile(1000)) == ["size_grew:9000:1000"]


def test_an_increment_may_be_of_any_size():
    assert held(SETTLEMENTS, profile(0), profile(1000)) == []
    assert held(SETTLEMENTS, profile(90_000), profile(1000)) == []


def test_tiny_numbers_hold_nothing():
    assert held(HOUSEHOLDS, profile(1), profile(8)) == []
    assert held(HOUSEHOLDS, profile(12), profile(3)) == []
    assert held(HOUSEHOLDS, profile(50, {"1": 50}), profile(55, {"1": 50, "2": 5})) == []


def test_the_usual_size_is_the_middle_of_the_last_ones():
    before = [profile(1000), profile(1000), profile(4000)]
    assert held(HOUSEHOLDS, profile(1000), *before) == []


def test_one_township_gone_is_held():
    before = profile(1000, {"990102001": 700, "990102002": 300})
    now = profile(700, {"990102001": 700})
    assert held(HOUSEHOLDS, now, before) == ["township_gone:990102002:0:300:30%"]


def test_a_column_mostly_blank_is_held_where_it_seldom_was():
    before = profile(1000, blank={"applicant_id_no": 20})
    assert held(HOUSEHOLDS, profile(1000, blank={"applicant_id_no": 900}), before) == [
        "column_blank:申请人身份证号:90%:2%"
    ]


def test_a_column_often_blank_before_may_be_blank():
    before = profile(1000, blank={"declared_income_yuan": 600})
    assert held(HOUSEHOLDS, profile(1000, blank={"declared_income_yuan": 900}), before) == []


def test_free_text_that_may_be_left_out_decides_nothing():
    before = profile(1000, blank={"phone": 0, "address": 0})
    now = profile(1000, blank={"phone": 1000, "address": 1000})
    assert held(HOUSEHOLDS, now, before) == []


def test_a_status_that_is_the_same_everywhere_is_held():
    before = profile(1000, codes={"benefit_status": {"1": 900, "2": 80, "3": 20}})
    now = profile(1000, codes={"benefit_status": {"1": 1000}})
    assert held(HOUSEHOLDS, now, before) == ["status_constant:待遇状态:1:90%"]


def test_a_status_that_always_was_the_same_may_stay_so():
    before = profile(1000, codes={"benefit_status": {"1": 999, "2": 1}})
    assert held(HOUSEHOLDS, profile(1000, codes={"benefit_status": {"1": 1000}}), before) == []


def test_a_small_increment_of_one_kind_is_chance():
    before = profile(1000, codes={"care_kind": {"11": 900, "21": 100}})
    assert held(SETTLEMENTS, profile(100, codes={"care_kind": {"11": 100}}), before) == []
    assert held(SETTLEMENTS, profile(2000, codes={"care_kind": {"11": 2000}}), before) == [
        "status_constant:med_type:11:90%"
    ]


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_bound_on_a_probability_is_at_most_one(count, usual):
    assert gates.log_chance_of_count(count, usual) <= 1e-6


@given(st.floats(0, 1), st.integers(1, 10**6), st.floats(0, 0.99))
def test_a_bound_on_a_share_is_at_most_one(share, rows, usual):
    assert gates.log_chance_of_share(share, rows, usual) <= 1e-6


@given(st.integers(200, 5000), st.integers(-40, 40))
def test_an_ordinary_night_holds_nothing(rows, change):
    townships = {"a": rows // 2, "b": rows - rows // 2}
    later = {"a": rows // 2 + change, "b": rows - rows // 2}
    assert held(HOUSEHOLDS, profile(rows + change, later), profile(rows, townships)) == []


def test_a_status_spread_unlike_before_is_held():
    before = profile(1000, codes={"benefit_status": {"1": 900, "2": 80, "3": 20}})
    now = profile(1000, codes={"benefit_status": {"1": 500, "2": 250, "3": 250}})
    assert held(HOUSEHOLDS, now, before) == ["codes_shifted:待遇状态:1:50%:90%"]


def test_a_status_that_drifts_or_is_of_few_rows_holds_nothing():
    before = profile(1000, codes={"benefit_status": {"1": 900, "2": 80, "3": 20}})
    drifted = profile(1000, codes={"benefit_status": {"1": 700, "2": 200, "3": 100}})
    few = profile(20, codes={"benefit_status": {"1": 5, "2": 15}})
    few_before = profile(20, codes={"benefit_status": {"1": 18, "2": 2}})
    assert held(HOUSEHOLDS, drifted, before) == []
    assert held(HOUSEHOLDS, few, few_before) == []


def test_a_status_that_nearly_all_had_may_move_less():
    alive = profile(3000, codes={"benefit_status": {"1": 2880, "2": 90, "3": 30}})
    dead = profile(3000, codes={"benefit_status": {"1": 2280, "2": 685, "3": 35}})
    ill_year = profile(3000, codes={"benefit_status": {"1": 2640, "2": 330, "3": 30}})
    assert held(HOUSEHOLDS, dead, alive) == ["codes_shifted:待遇状态:1:76%:96%"]
    assert held(HOUSEHOLDS, ill_year, alive) == []
    lone = profile(3000, codes={"benefit_status": {"1": 2999, "2": 1}})
    assert held(HOUSEHOLDS, ill_year, lone) == ["codes_shifted:待遇状态:1:88%:100%"]


def test_an_increment_for_a_date_again_may_lack_hardly_a_row():
    again = [str(r) for r in gates.judge(SETTLEMENTS, profile(80), [], replaced=profile(100))]
    assert again == ["replacement_shrunk:80:100"]
    assert gates.judge(SETTLEMENTS, profile(99), [], replaced=profile(100)) == []


def test_people_leave_no_register_by_halves_within_a_month():
    def found(people, kept, days):
        turnover = Turnover(people, kept, days)
        reasons = gates.judge(HOUSEHOLDS, profile(1000), [profile(1000)], turnover=turnover)
        return [str(reason) for reason in reasons]

    assert found(1000, 300, 1) == ["people_changed:300:1000:30%"]
    assert found(1000, 600, 1) == []
    assert found(1000, 300, 90) == []
    assert found(20, 0, 1) == []
    assert found(40, 19, 1) == []


def test_the_same_numbers_under_other_names_are_held():
    def found(named, same_name):
        turnover = Turnover(1000, 900, 1, named, same_name)
        reasons = gates.judge(HOUSEHOLDS, profile(1000), [profile(1000)], turnover=turnover)
        return [str(reason) for reason in reasons]

    assert found(900, 9) == ["names_changed:9:900:1%"]
    assert found(900, 449) == ["names_changed:449:900:50%"]
    assert found(900, 451) == []
    assert found(29, 0) == []
    assert found(30, 14) == ["names_changed:14:30:47%"]
