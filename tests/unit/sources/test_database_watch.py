"""The watch over a driver that waits without end: it rings in a thread that nobody looks after."""

import socket
import threading
from types import SimpleNamespace

import psycopg
import pytest

from sources.connectors.database_link import _Watch

ROUTE = SimpleNamespace(engine="postgresql", patience=SimpleNamespace(timeout_seconds=0.01))


class Driver:
    """A connection that somebody closed, or whose handle is good for nothing."""

    def __init__(self, handle):
        self.handle = handle
        self.asked = threading.Event()

    def fileno(self):
        self.asked.set()
        if isinstance(self.handle, Exception):
            raise self.handle
        return self.handle


def watched(driver):
    return _Watch(SimpleNamespace(connection=SimpleNamespace(driver_connection=driver)), ROUTE)


@pytest.mark.parametrize("handle", [psycopg.OperationalError("the connection is closed"), 10**6])
def test_a_connection_that_is_gone_when_the_watch_rings_is_nobodys_error(monkeypatch, handle):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    driver = Driver(handle)
    watch = watched(driver)
    with watch:
        assert driver.asked.wait(10)
    assert watch.has_rung
    assert raised == []


def test_a_peer_that_hung_up_first_is_nobodys_error_and_a_live_one_is_hung_up_on(monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    listener = socket.create_server(("127.0.0.1", 0))
    unconnected, ours = socket.socket(), socket.create_connection(listener.getsockname())
    theirs, _ = listener.accept()
    with listener, unconnected, ours, theirs:
        for end in (unconnected, ours):
            driver = Driver(end.fileno())
            with watched(driver):
                assert driver.asked.wait(10)
        assert theirs.recv(1) == b""
    assert raised == []


def test_after_its_time_a_watch_rings_for_no_later_wait():
    driver = Driver(10**6)
    with watched(driver) as nothing:
        assert nothing is None
    assert [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)] == []
