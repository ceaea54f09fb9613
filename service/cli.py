"""The program `hedui`: what it can be asked on the command line, and how it ends."""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import typer

from domain.errors import HeduiError
from domain.wording import LANGUAGES, text
from service.commands import (
    deliveries,
    evaluation,
    exports,
    log,
    model,
    nightly,
    previewing,
    review,
    rulebook,
    simulation,
    sources,
    tracing,
    why,
)


def build_app() -> typer.Typer:
    """The commands, their help in the language in use."""
    app = typer.Typer(
        name="hedui",
        help=text("cli.app"),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def choose_language(
        lang: str = typer.Option("zh", "--lang", envvar="HEDUI_LANG", help=text("cli.lang")),
    ) -> None:
        if lang not in LANGUAGES:
            raise typer.BadParameter(text("cli.lang"), param_hint="--lang")

    app.command("simulate", help=text("cli.simulate.help"))(simulation.command())
    app.command("run", help=text("cli.run.help"))(nightly.command())
    app.command("findings", help=text("cli.findings.help"))(exports.findings_command())
    app.command("links", help=text("cli.links.help"))(exports.links_command())
    app.command("answers", help=text("cli.answers.help"))(exports.answers_command())
    app.command("evaluate", help=text("cli.evaluate.help"))(evaluation.command())
    app.command("why", help=text("links.cli.why"))(why.why_command())
    app.command("whynot", help=text("links.cli.whynot"))(why.whynot_command())
    app.add_typer(review.review_app(), name="review")
    app.command("trace", help=text("rulebook.trace.help"))(tracing.command())
    app.command("preview", help=text("rulebook.preview.help"))(previewing.command())
    app.add_typer(rulebook.rules_app(), name="rules")
    app.add_typer(log.log_app(), name="log")
    app.add_typer(model.model_app(), name="model")
    app.add_typer(sources.sources_app(), name="sources")
    app.add_typer(deliveries.deliveries_app(), name="deliveries")
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong usage, 75 another run is going.

    A failure is one line on standard error. ``HEDUI_DEBUG=1`` shows the whole trace of an internal
    error; without it no value of anybody's data can reach the screen by way of an exception.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _set_language(given)
    try:
        build_app()(args=given, prog_name="hedui")
    except HeduiError as error:
        _say(str(error))
        raise SystemExit(error.exit_status) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 - the edge: named, shown as one line, exit 1
        if os.environ.get("HEDUI_DEBUG"):
            traceback.print_exc()
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        _say(text("cli.internal", kind=type(error).__name__, place=place))
        raise SystemExit(1) from None


def _set_language(arguments: Sequence[str]) -> None:
    """Help is worded when the commands are built, so the language must be known before."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            os.environ["HEDUI_LANG"] = arguments[position + 1]
        elif argument.startswith("--lang="):
            os.environ["HEDUI_LANG"] = argument.removeprefix("--lang=")


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    main()
