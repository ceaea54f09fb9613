"""`hedui why` and `hedui whynot`: what ties a record to a person on assistance, or does not."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len

from domain.wording import joined, language, text
from matchers.explain import explain
from matchers.why import (
    COMPARISONS,
    Considered,
    NamedPerson,
    RecordPlace,
    against_subject,
    considered,
)
from reports.tables import Showing
from reports.waterfall import waterfall, write_waterfall
from service.commands.options import (
    check_reason,
    reason_option,
    unmasked_option,
    workspace_option,
)
from service.commands.unmasking import note_export
from service.subjects import persons_at, subjects_at, subjects_weighed
from store.engines.engine import Engine
from store.ledger import Ledger
from store.snapshot import open_snapshot
from store.workspace import open_workspace

_SHOWN = 5
_LABEL = 16  # columns of a terminal


def why_command() -> Callable[..., None]:
    """`hedui why`, its options worded in the language in use."""

    def why(
        workspace: Annotated[Path, workspace_option()],
        record: Annotated[
            str, typer.Option(metavar="DATASET/FILE/ROW", help=text("links.cli.record"))
        ],
        picture: Annotated[
            Path | None, typer.Option("-o", metavar="FILE.svg", help=text("links.cli.picture"))
        ] = None,
        unmasked: Annotated[bool, unmasked_option()] = False,
        reason: Annotated[str | None, reason_option()] = None,
    ) -> None:
        check_reason(unmasked, reason)
        place = RecordPlace.parse(record)
        asked = _Asked("why", record, unmasked, reason)
        with _looked_up(workspace, place, asked) as (engine, named_considered):
            for named, found in named_considered:
                _say_named(named, Showing(unmasked))
                _say_considered(found, Showing(unmasked))
                if picture is not None and any(one.weights for one in found):
                    best = next(one for one in found if one.weights)
                    write_waterfall(_picture(engine, best, Showing(unmasked)), picture)
                    typer.echo(text("links.cli.picture_written", path=picture))

    return why


def whynot_command() -> Callable[..., None]:
    """`hedui whynot`, its options worded in the language in use."""

    def whynot(
        workspace: Annotated[Path, workspace_option()],
        record: Annotated[
            str, typer.Option(metavar="DATASET/FILE/ROW", help=text("links.cli.record"))
        ],
        subject: Annotated[str, typer.Option(metavar="CASE#SEQ", help=text("links.cli.subject"))],
        unmasked: Annotated[bool, unmasked_option()] = False,
        reason: Annotated[str | None, reason_option()] = None,
    ) -> None:
        check_reason(unmasked, reason)
        place = RecordPlace.parse(record)
        asked = _Asked("whynot", record, unmasked, reason, subject)
        with _looked_up(workspace, place, asked) as (engine, named_considered):
            for named, found in named_considered:
                _say_named(named, Showing(unmasked))
                key, values = against_subject(engine, named, subject)
                if "code" in values:
                    values["code"] = explain(str(values["code"]), language())
                if values.get("posterior") is not None:
                    values["posterior"] = _share(values["posterior"])
                typer.echo(text(f"links.whynot.{key}", subject=subject, **values))
                others = [one for one in found if subject not in one.subjects]
                if others and key in ("not_sure", "others_likelier"):
                    typer.echo(text("links.whynot.others"))
                    _say_considered(others, Showing(unmasked))

    return whynot


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked of which record: about whom in particular, masked or whole, and why."""

    what: str
    record: str
    unmasked: bool
    reason: str | None
    subject: str | None = None


@contextmanager
def _looked_up(
    workspace: Path, place: RecordPlace, asked: _Asked
) -> Iterator[tuple[Engine, list[tuple[NamedPerson, list[Considered]]]]]:
    """The persons of a record with everybody weighed against them; noted before it is given."""
    opened = open_workspace(workspace, create=False)
    with Ledger.open(opened) as ledger, open_snapshot(opened, ledger) as engine:
        found = [(named, considered(engine, named)) for named in persons_at(engine, place)]
        people = [
            *subjects_weighed(
                engine,
                place,
                (named for named, _ in found),
                (one for _, some in found for one in some),
            ),
            *(subjects_at(engine, [asked.subject]) if asked.subject else []),
        ]
        note_export(ledger, asked.what, asked.unmasked, asked.reason, people, target=asked.record)
        yield engine, found


def _say_named(named: NamedPerson, showing: Showing) -> None:
    typer.echo(
        text(
            "links.cli.named",
            role=text(f"links.role.{named.role}"),
            name=showing.of("person_name", named.name_raw) or "—",
            id_no=showing.of("id_no", named.id_no) or text(f"links.id_status.{named.id_status}"),
        )
    )


def _say_considered(found: list[Considered], showing: Showing) -> None:
    if not found:
        typer.echo("  " + text("links.cli.nobody"))
    for one in found[:_SHOWN]:
        grade = text(f"links.grade.{one.grade or 'none'}")
        subjects = joined(one.subjects) or text("links.cli.not_a_subject")
        sure = "" if one.posterior is None else text("links.cli.sure", share=_share(one.posterior))
        name = showing.of("person_name", one.name)
        typer.echo(f"  {grade} {name} {showing.of('id_no', one.id_no)} {subjects}{sure}")
        typer.echo(f"    {explain(one.code, language())}")
        for comparison in COMPARISONS:
            if comparison in one.weights:
                typer.echo("    " + _bar(comparison, one.weights[comparison]))
    if len(found) > _SHOWN:
        typer.echo("  " + text("links.cli.more", count=len(found) - _SHOWN))


def _share(posterior: float) -> str:
    """In percent; never as if it were certain, or ruled out."""
    if posterior >= 0.9995:
        return ">99.9%"
    return "<0.1%" if posterior < 0.0005 else f"{posterior:.1%}"


def _bar(comparison: str, weight: float) -> str:
    label = text(f"links.picture.{comparison}")
    mark = "█" if weight > 0 else "░"
    room = " " * (_LABEL - cell_len(label))
    return f"{label}{room}{weight:+6.1f} {mark * min(round(abs(weight)), 40)}"


def _picture(engine: Engine, one: Considered, showing: Showing) -> str:
    persons = engine.rows("select count(*) from linked.person")[0][0]
    name = showing.of("person_name", one.name)
    title = text("links.picture.title", name=name, subjects=joined(one.subjects))
    ordered = {name: one.weights[name] for name in COMPARISONS if name in one.weights}
    return waterfall(title, -math.log2(persons or 1), ordered)
