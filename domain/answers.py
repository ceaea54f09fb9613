"""The three answers of a rule, and the grades of links and findings."""

from enum import StrEnum


class Answer(StrEnum):
    """What a rule says of a case. Absence of data is not an answer: it is ``NOT_CHECKED``."""

    FOUND = "found"
    CLEAR = "clear"
    NOT_CHECKED = "not_checked"


class LinkGrade(StrEnum):
    """How surely a record speaks of a person; only certain and probable stand behind findings."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class FindingGrade(StrEnum):
    """``FLAG`` where every link is certain and the rule says nothing else; otherwise ``VERIFY``."""

    FLAG = "flag"
    VERIFY = "verify"
