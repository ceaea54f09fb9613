"""The program `hedui`: what it can be asked on the command line, and how it ends."""

import os
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Final

import typer

from domain.errors import HeduiError
from domain.wording import LANGUAGES, joined, text
from service.debugging import is_debugging, print_trace
from store.room import full_places, is_for_room


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: its module in ``service.commands`` and what there makes it.

    ``help_key`` is None for a group of commands, which brings its own help.
    """

    module: str
    maker: str
    help_key: str | None = None


# In the order of the help. A module is loaded only when its command is wanted: some bring libraries
# that take seconds, and an officer at the counter waits.
COMMANDS: Final[Mapping[str, Entry]] = {
    "simulate": Entry("simulation", "command", "cli.simulate.help"),
    "run": Entry("nightly", "command", "cli.run.help"),
    "findings": Entry("exports", "findings_command", "cli.findings.help"),
    "links": Entry("exports", "links_command", "cli.links.help"),
    "answers": Entry("exports", "answers_command", "cli.answers.help"),
    "evaluate": Entry("evaluation", "command", "cli.evaluate.help"),
    "why": Entry("why", "why_command", "links.cli.why"),
    "whynot": Entry("why", "whynot_command", "links.cli.whynot"),
    "review": Entry("review", "review_app"),
    "trace": Entry("tracing", "command", "rulebook.trace.help"),
    "preview": Entry("previewing", "command", "rulebook.preview.help"),
    "rules": Entry("rulebook", "rules_app"),
    "check": Entry("check", "check_command", "web.cli_check.help"),
    "verify-slip": Entry("check", "verify_command", "web.cli_verify.help"),
    "serve": Entry("serve", "command", "web.serve.help"),
    "users": Entry("users", "users_app"),
    "log": Entry("log", "log_app"),
    "model": Entry("model", "model_app"),
    "sources": Entry("sources", "sources_app"),
    "deliveries": Entry("deliveries", "deliveries_app"),
}
# Lines that are commands to be typed, one below the other.
_EXAMPLES: Final = re.compile(r"\n+((?:hedui .*(?:\n|$))+)\n*")


def build_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The commands of these names (all, unless said), their help in the language in use."""
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

    for name in names:
        entry = COMMANDS[name]
        made = getattr(import_module(f"service.commands.{entry.module}"), entry.maker)()
        if entry.help_key is None:
            app.add_typer(made, name=name)
        else:
            app.command(name, help=text(entry.help_key))(made)
    for of in (app, *(group.typer_instance for group in app.registered_groups)):
        for command in of.registered_commands if of else ():
            told = command.help or ""
            command.help = _unbroken(told)
            if "。" in told:  # Click knows where an English sentence ends
                command.short_help = told[: told.index("。") + 1]
    return app


def _unbroken(told: str) -> str:
    """A help text whose examples keep their lines: run together and broken they cannot be copied.

    Click leaves a paragraph as it is that begins with a backspace.
    """
    return _EXAMPLES.sub(r"\n\n\b\n\1\n\n", told).rstrip()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 wrong usage, 75 another run is going.

    `run` ends with 130 where Ctrl-C stopped it, and with 3 where the night is done and published,
    and households asked again were answered otherwise.

    A failure is one line on standard error. ``HEDUI_DEBUG=1`` shows the whole trace of an internal
    error (:mod:`service.debugging`); without it no value of anybody's data can reach the screen by
    way of an exception.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _set_language(given)
    try:
        build_app(_wanted(given))(args=given, prog_name="hedui")
    except HeduiError as error:
        _say(str(error))
        raise SystemExit(error.exit_status) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except Exception as error:  # noqa: BLE001 - the edge: named, shown as one line, exit 1
        if is_for_room(error):
            _say(str(_disk_full(error, given)))
            raise SystemExit(1) from None
        if is_debugging():
            print_trace(error)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        _say(text("cli.internal", kind=type(error).__name__, place=place))
        raise SystemExit(1) from None


def _disk_full(error: BaseException, arguments: Sequence[str]) -> HeduiError:
    """Which disk it is: the file that failed, else what of the command's places has no room."""
    named = getattr(error, "filename", None)
    written = [argument.partition("=")[2] or argument for argument in arguments]
    given = [Path(one) for one in written if os.sep in one or os.path.exists(one)]  # noqa: PTH110 - never raises
    places = [Path(str(named))] if named else full_places([*given, Path(gettempdir())])
    shown = joined(dict.fromkeys(map(str, places))) or text("cli.output_place")
    return HeduiError("disk_full", places=shown)


def _wanted(arguments: Sequence[str]) -> Iterable[str]:
    """The command that is called; all of them where it is help that is asked for."""
    named = [argument for argument in arguments if argument in COMMANDS]
    return named[:1] if named else COMMANDS


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
