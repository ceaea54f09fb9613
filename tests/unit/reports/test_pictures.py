"""A picture has room for its labels."""

import re

import pytest

from reports.pictures import Bar, bar_chart


@pytest.mark.parametrize("label", ["名下有机动车", "家" * 40, "W" * 60, ""])
def test_a_label_ends_where_the_bars_begin_and_begins_in_the_picture(label):
    drawn = bar_chart([Bar(label, (("over", 3), ("under", 1)))])
    width = int(re.search(r'viewBox="0 0 (\d+) ', drawn)[1])
    end, begin = (float(re.search(f'<{tag} x="([0-9.]+)"', drawn)[1]) for tag in ("text", "rect"))
    needed = sum(12 if sign == "家" else 6 for sign in label)
    assert needed <= end < begin < width
    assert all(float(x) < width for x in re.findall(r'x="([0-9.]+)"', drawn))


def test_labels_are_escaped():
    assert "<script" not in bar_chart([Bar("<script>", (("over", 1),))])
