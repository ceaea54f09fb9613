"""Districts that are odd in one way each: what linking was not made on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Mix:
    """What is odd in a district; shares are of rows unless said, 0 where nothing is odd.

    ``hands``: how a whole department writes, by the first part of its datasets' names:
    ``traditional``, ``pinyin`` (but for the surname) or ``latin`` names, numbers ``cut`` before the
    last digit or ``scientific``.
    """

    unnumbered: float = 0.0
    """Rows that have no number at all."""
    unnumbered_papers: float = 0.0
    """Marriages and titles of a couple on which neither has a number."""
    placeholder: float = 0.0
    scientific: float = 0.0
    fifteen: float = 0.0
    """Numbers of those born before 1990 in their first form."""
    stranger: float = 0.0
    """Rows under another resident's valid number."""
    dotted: float = 0.0
    """Of people: names of two parts; of their rows: a changed or left-out dot."""
    turned: float = 0.0
    """Rows of such names that have the parts in the other order."""
    twins: float = 0.0
    """Of children: born with a twin of the next number, named alike."""
    few_names: int = 0
    """Of so many names is every second person of one township."""
    register_stranger: float = 0.0
    """Register rows under another resident's valid number."""
    register_twice: float = 0.0
    """People with a second register row, cancelled, of the same number."""
    outsiders: float = 0.0
    """Of households: in all registers but the population's."""
    has_register: bool = True
    hands: Mapping[str, str] = field(default_factory=dict)

    def hand(self, dataset: str) -> str:
        """How the dataset's department writes; nothing where it writes as all do."""
        return next((how for of, how in self.hands.items() if dataset.startswith(of)), "")


ORDINARY: Final = Mix()
MIXES: Final = {
    "ordinary": ORDINARY,
    "unnumbered": Mix(unnumbered=0.08),
    "papers": Mix(unnumbered_papers=0.2),
    "fifteen": Mix(fifteen=0.7),
    "dotted": Mix(dotted=0.4, turned=0.1),
    "register": Mix(register_stranger=0.01, register_twice=0.03),
    "placeholder": Mix(placeholder=0.08),
    "strangers": Mix(stranger=0.01),
    "twins": Mix(twins=0.5),
    "few-names": Mix(few_names=30),
    "traditional": Mix(hands={"human_resources": "traditional", "medical": "traditional"}),
    "pinyin": Mix(hands={"medical_insurance": "pinyin", "housing": "pinyin"}),
    "latin": Mix(hands={"medical_insurance": "latin", "housing": "latin"}),
    "cut": Mix(hands={"medical_insurance": "cut", "public_security.vehicles": "cut"}),
    "scientific": Mix(hands={"medical_insurance": "scientific", "human_resources": "scientific"}),
    "some-scientific": Mix(scientific=0.3),
    "many-odd": Mix(
        unnumbered=0.04,
        stranger=0.01,
        dotted=0.2,
        turned=0.1,
        twins=0.3,
        few_names=30,
        register_stranger=0.005,
        register_twice=0.02,
    ),
    "outsiders": Mix(outsiders=0.2, unnumbered=0.05),
    "no-register": Mix(has_register=False),
}
