"""How long work says where it is."""

from collections.abc import Callable

# (step, done, total): "taking in", 12, 31. A total of 0 means that it is not known.
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Say nothing."""
