"""How many examples tests try that make up their input: few in every run, very many in a long one.

``HYPOTHESIS_PROFILE=long`` (``make fuzz``) asks for the long one.
"""

import os
from typing import Final

from hypothesis import HealthCheck, settings

LONG: Final = "long"
_IS_LONG: Final = os.environ.get("HYPOTHESIS_PROFILE") == LONG
_TIMES: Final = 100
_USUAL: Final = 100


def tried(examples: int, times: int = _TIMES) -> settings:
    """Settings for so many examples, in a long run ``times`` as many; no time is asserted."""
    return settings(
        max_examples=examples * (times if _IS_LONG else 1),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


settings.register_profile(LONG, tried(_USUAL))
