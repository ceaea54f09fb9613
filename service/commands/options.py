"""Options that several commands share, read and checked in one way."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer

from domain.wording import text


class Form(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def parse_date(value: str) -> date:
    """``2026-11-20`` as a date; anything else is wrong usage (exit status 2)."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(text("cli.as_of_bad", value=value)) from None


def as_of_option(help_key: str = "cli.as_of") -> Any:
    """``--as-of``."""
    return typer.Option("--as-of", parser=parse_date, metavar="YYYY-MM-DD", help=text(help_key))


def workspace_option() -> Any:
    """``--workspace``."""
    return typer.Option("--workspace", metavar="WS", help=text("cli.workspace"))


def format_option() -> Any:
    """``--format``."""
    return typer.Option("--format", help=text("cli.format"))


def output_option() -> Any:
    """``-o``."""
    return typer.Option("-o", "--output", metavar="FILE", help=text("cli.output"))


def unmasked_option() -> Any:
    """``--unmasked``."""
    return typer.Option("--unmasked", help=text("cli.unmasked"))


def reason_option() -> Any:
    """``--reason``."""
    return typer.Option("--reason", metavar="TEXT", help=text("cli.reason"))


def check_output(form: Form, output: Path | None) -> None:
    """Parquet to a screen is wrong usage."""
    if form is Form.PARQUET and output is None:
        raise typer.BadParameter(text("cli.output_missing"), param_hint="-o")


def check_reason(unmasked: bool, reason: str | None) -> None:
    """Full values need a reason that says something."""
    if unmasked and not (reason or "").strip():
        raise typer.BadParameter(text("cli.reason_missing"), param_hint="--reason")
