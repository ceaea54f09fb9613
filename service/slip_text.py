"""A slip in a terminal: the conclusion, what is to be verified, what could not be looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain.wording import joined, labelled, text
from reports.check_slip import Slip

_TONE = {"agrees": "green", "differs": "red", "to_verify": "yellow"}


def print_to_terminal(slip: Slip) -> None:
    """Print the slip, masked as it is."""
    console = Console(highlight=False, soft_wrap=True)
    target = slip["target"] or text("web.check.persons")
    console.print(f"[bold]{text('web.slip.title')}[/bold]  {slip['slip_no']}")
    head = f"{target} · {slip['scheme'] or '—'} · {text('web.slip.as_of')} {slip['as_of']}"
    console.print(escape(head))
    conclusion = slip["conclusion"]
    worded = text(f"web.slip.conclusions.{conclusion}")
    note = text(f"web.slip.conclusion_note.{conclusion}")
    console.print(f"\n[bold {_TONE[conclusion]}]{worded}[/]  {note}")
    for said in slip.get("because", []):
        console.print(f"  · {escape(said)}", style="yellow")
    console.print()
    console.print(_people(slip))
    for one in slip["people"]:
        if one.get("identity_reason"):
            said = labelled(f"{one['seq']} {one['name']}", one["identity_reason"])
            console.print(f"  {escape(said)}", style="yellow")
    if slip["income"]:
        console.print(_income(slip))
    for part, nothing in (("findings", "no_findings"), ("entitled", "no_entitled")):
        console.print(f"\n[bold]{text(f'web.slip.{part}')}[/bold]")
        for one in slip[part]:
            console.print(f"  [bold]{one['title']}[/] · {text('reports.grade.' + one['grade'])}")
            for sentence in one["sentences"]:
                console.print(f"    {escape(sentence)}")
        if not slip[part]:
            console.print(f"  {text(f'web.slip.{nothing}')}")
    console.print(f"\n[bold]{text('web.slip.sources')}[/bold]")
    console.print(_sources(slip))
    for said in _doubtful(slip):
        console.print(f"  {escape(said)}", style="yellow")
    console.print(f"\n{text('web.slip.valid_until')} {slip['valid_until']}")
    console.print(f"{text('web.slip.hash')} {slip['content_hash']}")


def _doubtful(slip: Slip) -> list[str]:
    """Which records are probably theirs only, and what could not be checked."""
    links = slip.get("links", [])
    return [
        *([text("web.slip.links"), *(f"· {said}" for said in links)] if links else []),
        *(labelled(one["title"], joined(one["reasons"], "sentences")) for one in slip["unchecked"]),
    ]


def _people(slip: Slip) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for key in (
        "seq",
        "name",
        "id_no",
        "identity",
        "authorisation",
        "declared",
        "found",
        "counted",
    ):
        heading = text(f"web.slip.short.{key}")  # so short that a terminal of 80 has room for all
        table.add_column(heading, overflow="fold", no_wrap=key in ("id_no", "identity", "found"))
    for one in slip["people"]:
        covered = "given" if one["authorised_date"] else "by_applicant"
        given = covered if one["is_authorised"] else "none"
        found = text("web.slip.unknown") if one["wage"] == "unknown" else one["registered"]
        table.add_row(
            str(one["seq"]), escape(one["name"]), escape(one["id_no"]),
            text(f"web.slip.identity_grade.{one['identity']}"),
            text(f"web.slip.short.{given}"),
            one["declared"] or text("web.slip.not_declared"), found or "—", one["counted"] or "—",
        )  # fmt: skip
    return table


def _income(slip: Slip) -> str:
    income = slip["income"]
    parts = [
        f"{text(f'web.slip.{key}')} {income[key] or '—'}"
        for key in ("heads", "total", "per_head", "line")
    ]
    bound = text("web.slip.lower_bound") if income["is_lower_bound"] else ""
    return labelled(" · ".join(parts), text("web.slip." + income["state"]) + bound)


def _sources(slip: Slip) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for row in slip["sources"]:  # a blank column in front: what wraps stays indented
        table.add_row(" ", row["title"], row["data_date"] or "—", _cells(row["cells"]))
    return table


def _cells(cells: Sequence[Mapping[str, Any]]) -> str:
    """What a register says of whom, people of whom it says the same together."""
    people: dict[str, list[str]] = {}
    for cell in cells:
        state = "found_probable" if cell.get("probable") else cell["state"]
        said = text(
            f"web.slip.source_state.{state}",
            records=cell["records"], probable=cell.get("probable", 0),
        )  # fmt: skip
        people.setdefault(said, []).append(str(cell["seq"]))
    joiner = text("web.slip.because.joiner")
    return joined([labelled(joiner.join(of), said) for said, of in people.items()], "sentences")
