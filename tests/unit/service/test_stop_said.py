"""Ctrl-C ends a night with one word and exit status 130, wherever it is heard."""

import os
import signal
import threading

import pytest
import typer

from domain.wording import text
from service.stopping import stop_said
from store.engines.duckdb import DuckDBEngine

pytestmark = pytest.mark.usefixtures("hearing_interrupts")
LONG = "select count(*) from range(1000000000000) as one(a) where a % 7 = 3"


def interrupted_amid_a_query():
    interrupt = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    with DuckDBEngine() as engine, stop_said():
        interrupt.start()
        engine.rows(LONG)


def test_a_night_amid_a_query_stops(capsys):
    with pytest.raises(typer.Exit) as stopped:
        interrupted_amid_a_query()
    assert stopped.value.exit_code == 130
    assert capsys.readouterr().err.strip() == text("cli.run.stopped")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_goes_wrong_of_itself_is_not_taken_for_a_stop():
    with pytest.raises(RuntimeError, match="went wrong"), stop_said():
        raise RuntimeError("went wrong")
