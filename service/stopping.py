"""Ctrl-C amid a night: heard at once, answered with one word and exit status 130."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import typer

from domain.wording import text
from store.engines.duckdb import QueryInterrupted, interrupt_queries

_INTERRUPTED: Final = 130
_STDERR: Final = 2
_SOON: Final = 0.3
"""Seconds after which a night that was interrupted has ended, unless it waits for a query."""
_AGAIN: Final = 0.1
"""Seconds after which queries are interrupted again: between two of them it is lost."""


@contextmanager
def stop_said() -> Iterator[None]:
    """Say at once that Ctrl-C was heard, and at the end what it leaves; exit status 130.

    Where interrupts are not the program's to handle (ignored, or not in the main thread), nothing
    is changed.
    """
    before = signal.getsignal(signal.SIGINT)
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or before is not signal.default_int_handler:
        yield
        return

    was_heard = threading.Event()

    def heard(number: int, frame: FrameType | None) -> None:
        was_heard.set()
        # Straight to the descriptor: a buffer may be in the middle of being written.
        os.write(_STDERR, f"\n{text('cli.run.stopping')}\n".encode())
        signal.default_int_handler(number, frame)

    signal.signal(signal.SIGINT, heard)
    try:
        with _queries_ended(was_heard):
            yield
    except (KeyboardInterrupt, QueryInterrupted, RuntimeError) as error:
        # DuckDB, interrupted amid a query, raises a RuntimeError in place of the interrupt
        if not isinstance(error, KeyboardInterrupt) and not was_heard.is_set():
            raise
        typer.echo(text("cli.run.stopped"), err=True)
        raise typer.Exit(_INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _queries_ended(was_heard: threading.Event) -> Iterator[None]:
    """End the queries under way a moment after an interrupt that has not ended everything by then.

    A signal runs its handler between two steps of Python. While the main thread waits for a query
    that another of DuckDB's threads works on there is none, and where DuckDB itself hears of it,
    it waits for that thread: either way Ctrl-C would be answered when the query ends.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    is_over = threading.Event()

    def watch() -> None:
        while number := ours.recv(1):
            if number[0] == signal.SIGINT and not is_over.wait(_SOON):
                interrupt_queries()
                while not was_heard.is_set() and not is_over.wait(_AGAIN):
                    interrupt_queries()

    watching = threading.Thread(target=watch, name="ctrl-c", daemon=True)
    watching.start()
    try:
        yield
    finally:
        is_over.set()
        signal.set_wakeup_fd(before)
        theirs.close()
        watching.join()
        ours.close()
