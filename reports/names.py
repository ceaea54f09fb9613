"""What departments and datasets are called in the language in use; the agreement's are Chinese."""

from collections.abc import Iterable

from domain.wording import language, text
from rules.sentences import source_name
from sources.contract import Contract


def agency_name(agency: str, agency_zh: str) -> str:
    """A department's name, as the agreement has it where nobody worded it."""
    try:
        return text(f"deliveries.agency.{agency}")
    except KeyError:
        return agency_zh


def dataset_title(dataset: str, title: str) -> str:
    """A dataset's title as agreed; in English the register's name, where it has one."""
    name = source_name(dataset, "en")
    return title if language() == "zh" or name == dataset else name


def agencies(contracts: Iterable[Contract]) -> dict[str, str]:
    """Each department once, with its name, in the dictionary's order."""
    return {one.agency: agency_name(one.agency, one.agency_zh) for one in contracts}


def title_of(contract: Contract) -> str:
    """A dataset's title."""
    return dataset_title(contract.dataset, contract.title)
