"""`hedui serve` refuses to start where what was asked for would not be so."""

import ssl
from pathlib import Path

import pytest
import typer
from exchange_servers import certificates
from typer.testing import CliRunner

from domain.errors import HeduiError
from service.commands import serve


@pytest.fixture
def started(monkeypatch):
    """What the server would have been started with."""
    calls = []
    monkeypatch.setattr(serve, "_run", lambda *given, **named: calls.append((given, named)))
    return calls


def ask(*options: object, fails: int = 0) -> str:
    app = typer.Typer()
    app.command()(serve.command())
    done = CliRunner().invoke(app, ["--workspace", "ws", *map(str, options)])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == fails, done.output
    return done.output


def test_a_certificate_or_a_key_alone_is_wrong_usage(started, tmp_path):
    ask("--certificate", tmp_path / "c.pem", fails=2)
    ask("--key", tmp_path / "k.pem", fails=2)
    assert started == []


def test_beyond_this_machine_it_wants_https(started):
    with pytest.raises(HeduiError) as error:
        ask("--host", "0.0.0.0")  # noqa: S104 - refused
    assert error.value.key == "serve_insecure"
    assert started == []
    ask("--host", "0.0.0.0", "--behind-proxy")  # noqa: S104 - not started
    ask()
    assert [(given[0].host, named["behind_proxy"]) for given, named in started] == [
        ("0.0.0.0", True),  # noqa: S104
        ("127.0.0.1", False),
    ]


def test_a_certificate_that_cannot_be_served_with_is_named(started, tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir()
    _, certificate, key = certificates(folder)
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    other = certificates(stranger)[2]
    for one, its_key in ((certificate, other), (tmp_path / "absent", key), (key, key)):
        with pytest.raises(HeduiError) as error:
            ask("--certificate", one, "--key", its_key)
        assert error.value.key == "serve_certificate"
        assert str(one) in str(error.value)
    assert started == []
    ask("--certificate", certificate, "--key", key, "--host", "0.0.0.0")  # noqa: S104
    assert started[0][0][1:] == (certificate, key)


def test_a_key_with_a_passphrase_is_left_to_the_server(started, tmp_path):
    folder = tmp_path / "keys"
    folder.mkdir()
    _, certificate, key = certificates(folder)
    locked = tmp_path / "locked.pem"
    _lock_key(key, locked)
    with pytest.raises(ssl.SSLError):
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, locked, "wrong")
    ask("--certificate", certificate, "--key", locked)
    assert started[0][0][1:] == (certificate, locked)


def _lock_key(key: Path, locked: Path) -> None:
    from cryptography.hazmat.primitives import serialization

    loaded = serialization.load_pem_private_key(key.read_bytes(), None)
    locked.write_bytes(
        loaded.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"open sesame"),
        )
    )
