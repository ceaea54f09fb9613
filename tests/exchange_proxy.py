"""A proxy that cuts or stalls connections to a server, for tests of what is lost on the way."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """Passes a TCP port on. A connection whose server has sent ``limit`` bytes is cut, ``times``
    times at most; or, with ``is_silent_then``, hears no more, every time.
    """

    target: int
    listener: socket.socket
    limit: int | None = None
    is_silent_then: bool = False
    times: int = 1
    cuts: int = 0
    connections: int = 0
    passed: int = 0
    sockets: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
                self.connections += 1
                self.sockets += [client, server]
                for pump in (self.ask, self.answer):
                    threading.Thread(target=pump, args=(client, server), daemon=True).start()

    def ask(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(1 << 16):
                server.sendall(data)
        _close([client, server])

    def answer(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := server.recv(1 << 16):
                passed += len(data)
                is_over = self.limit is not None and passed > self.limit
                if is_over and self.is_silent_then:
                    continue
                if is_over and self.cuts < self.times:
                    self.cuts += 1
                    break
                client.sendall(data)
                self.passed += len(data)
        _close([client, server])


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port, socket.create_server(("127.0.0.1", 0)))
    threading.Thread(target=proxy.accept, daemon=True).start()
    try:
        yield proxy
    finally:
        _close([proxy.listener, *proxy.sockets])


def _close(sockets: Sequence[socket.socket]) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
