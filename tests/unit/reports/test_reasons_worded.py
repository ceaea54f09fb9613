"""Every reason that names a member has a sentence for many members together, in both languages."""

from pathlib import Path

import pytest
import yaml

TEXTS = Path(__file__).parents[3] / "domain" / "texts"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_reason_of_one_member_is_worded_for_many(lang: str) -> None:
    reasons = yaml.safe_load((TEXTS / lang / "rules.yaml").read_text(encoding="utf-8"))["reasons"]
    of_members = {key for key, said in reasons.items() if "{argument}" in said} - {"no_policy"}
    assert {"wage_unknown", "identity_unclear"} <= of_members
    assert {key for key in of_members if f"{key}_any" not in reasons} == set()
