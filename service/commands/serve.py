"""`hedui serve`: the pages and the API over one workspace."""

import gc
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer

from domain.errors import HeduiError
from domain.wording import text
from service.commands.options import workspace_option
from service.settings import CHECKS_A_DAY, CheckLimits, Settings

_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def command() -> Callable[..., None]:
    """The command, its options worded in the language in use."""

    def serve(
        workspace: Annotated[Path, workspace_option()],
        host: Annotated[str, typer.Option("--host", help=text("web.serve.host"))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", help=text("web.serve.port"))] = 8000,
        certificate: Annotated[
            Path | None, typer.Option("--certificate", help=text("web.serve.certificate"))
        ] = None,
        key: Annotated[Path | None, typer.Option("--key", help=text("web.serve.key"))] = None,
        behind_proxy: Annotated[
            bool, typer.Option("--behind-proxy", help=text("web.serve.behind_proxy"))
        ] = False,
        checks_a_day: Annotated[
            int, typer.Option("--checks-a-day", min=1, help=text("web.serve.a_day"))
        ] = CHECKS_A_DAY,
    ) -> None:
        has_tls = certificate is not None and key is not None
        if (certificate is None) is not (key is None):
            raise typer.BadParameter(text("web.serve.both"), param_hint="--certificate, --key")
        if certificate is not None and key is not None:
            _check_certificate(certificate, key)
        if host not in _HERE and not has_tls and not behind_proxy:
            raise HeduiError("serve_insecure", host=host)
        _run(
            Settings(workspace, host, port, limits=CheckLimits(a_day=checks_a_day)),
            certificate,
            key,
            behind_proxy=behind_proxy,
        )

    return serve


def _check_certificate(certificate: Path, key: Path) -> None:
    """Raise HeduiError ``serve_certificate`` where the two are not to be served with."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, _lock)
    except _Locked:
        return  # its passphrase is asked for when the server starts
    except OSError as error:  # ssl's own errors are of these
        cause = error.strerror or type(error).__name__
        raise HeduiError(
            "serve_certificate", certificate=certificate, private_key=key, cause=cause
        ) from error


class _Locked(Exception):
    """The key has a passphrase."""


def _lock() -> str:
    raise _Locked


def _run(
    settings: Settings, certificate: Path | None, key: Path | None, *, behind_proxy: bool
) -> None:
    import uvicorn  # the web framework is wanted by this command alone

    from service.app import build_app
    from service.desk import opened_desk
    from store.users import all_users

    with opened_desk(settings) as desk:
        app = build_app(desk)
        if not all_users(desk.ledger):
            typer.echo(text("web.serve.first_user", workspace=settings.workspace), err=True)
        try:
            app.state.checks.make_ready()
        except HeduiError as error:  # every check will say it again; the other pages serve
            typer.echo(str(error), err=True)
        scheme = "https" if certificate else "http"
        address = f"{scheme}://{settings.host}:{settings.port}"
        typer.echo(text("web.serve.started", address=address), err=True)
        with _passed_over_by_the_collector():
            uvicorn.run(
                app,
                host=settings.host,
                port=settings.port,
                ssl_certfile=certificate,
                ssl_keyfile=key,
                proxy_headers=behind_proxy,
                access_log=False,  # addresses hold case numbers; the access log is ours
                server_header=False,
                log_level="warning",
            )


@contextmanager
def _passed_over_by_the_collector() -> Iterator[None]:
    """Have the collector pass over what is there at the start and stays for the whole service.

    A collection of the oldest generation walks over every object of every module while all answers
    wait: a third of a second, measured under load.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()  # else the libraries complain at the end of objects never freed
