"""Hosts on loopback that answer with whatever bytes a test likes."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from pipeline.settings import Settings

#: Given the connection and the head of a request, answers; True keeps the connection open.
Handler = Callable[[socket.socket, str], bool | None]


class _Host:
    def __init__(self, handler: Handler, address: str, tls: ssl.SSLContext | None) -> None:
        self.connections: list[socket.socket] = []
        self.done = threading.Event()
        self._handler = handler
        self._tls = tls
        self._listener = socket.create_server((address, 0))
        scheme = "https" if tls else "http"
        self.origin = f"{scheme}://{address}:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the client leaves when it has had enough
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self.connections.append(connection)
            while head := _head(connection):
                if not self._handler(connection, head):
                    break
        connection.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join()


def _head(connection: socket.socket) -> str:
    read = b""
    while not read.endswith(b"\r\n\r\n"):
        piece = connection.recv(65_536)
        if not piece:
            return ""
        read += piece
    return read.decode("latin-1")


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Return a function that starts a host and gives its origin: ``serve(handler, address)``."""
    hosts: list[_Host] = []

    def start(
        handler: Handler, address: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None
    ) -> str:
        hosts.append(_Host(handler, address, tls))
        return hosts[-1].origin

    yield start
    for host in hosts:
        host.close()


@pytest.fixture
def settings() -> Settings:
    """Loopback may be asked, and nothing takes long."""
    return Settings(
        allowed_networks=(ip_network("127.0.0.0/8"),), gap=0.0, request_time=5.0, connect_time=5.0
    )


@pytest.fixture
def certificate() -> Path:
    """A certificate for outlet.example that nobody has signed, and its key."""
    return Path(__file__).parent / "self_signed.pem"
