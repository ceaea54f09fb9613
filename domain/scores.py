"""How right what was found is: precision and recall of anything that is found or not."""


class Scored:
    """Mixed into a score that counts what is ``true``, what was ``found``, and both (``hits``)."""

    __slots__ = ()

    true: int
    found: int
    hits: int

    @property
    def precision(self) -> float | None:
        """The share of what was found that is true; None where nothing was found."""
        return share_of(self.hits, self.found)

    @property
    def recall(self) -> float | None:
        """The share of what is true that was found; None where nothing is true."""
        return share_of(self.hits, self.true)


def share_of(part: int, whole: int) -> float | None:
    """A part's share of a whole; None of nothing."""
    return part / whole if whole else None
