"""requests' transport, dialled through our guard and metered at the socket.

Three promises cannot be kept from above an HTTP library, so they are kept beneath it.

- *The address judged is the address dialled.* A connection resolves its host once, strikes
  out what `pipeline.web.guard` refuses, and dials what is left. Checking a name before
  handing it to the library was rejected: it would be resolved a second time.
- *The deadline holds.* A timeout of the library bounds one read, and a host that sends a byte
  a second never meets it, neither in the body nor in the headers. Every read here is given
  the time that is left of the whole fetch. (A watchdog that shuts sockets from another
  thread was rejected: the same effect with a thread, a heap and a race.) Connecting, TLS
  included, has its own shorter time. Resolving alone is bounded by the system's resolver.
- *No byte beyond the cap is taken*, be it header, chunk size, trailer or body.

`HTTPAdapter` is used without its Session: that would keep cookies, read the environment and
swallow the body of a redirect, decompressed, whole.
"""

import http.client
import io
import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from time import monotonic
from typing import Any
from weakref import WeakSet

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from pipeline.settings import Settings
from pipeline.web.guard import may_be_dialled

#: Servers with some hundred headers exist, and the library's hundred would cost their pages.
http.client._MAXHEADERS = 1_000  # type: ignore[attr-defined]  # noqa: SLF001
#: What hosts do wrong is told once, by our own errors; urllib3 would log it with a traceback.
logging.getLogger("urllib3").setLevel(logging.ERROR)

#: A connection kept for each of so many hosts; beyond, the one idle for longest is closed.
_HOSTS = 256
#: Room for headers, beside the body.
_HEADER_BYTES = 262_144
#: Most of a page in few calls.
_BUFFER_BYTES = 65_536
#: Sockets take no time of zero: it would mean not to wait at all.
_LEAST_SECONDS = 0.001


class PrivateAddressError(Exception):
    """The host name leads to no address that may be dialled."""


class TooMuchError(Exception):
    """A reply took more bytes than it may."""


@dataclass(slots=True)
class Allowance:
    """What a fetch may take, and what its connection did."""

    ends: float  # moment of the monotonic clock
    max_bytes: int  # of one body
    received: int = 0  # bytes of this reply, headers and framing included
    reused: bool = False  # the connection had served before

    @property
    def seconds(self) -> float:
        """What is left of the time; raises TimeoutError if nothing is."""
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError("the time for one request is over")
        return max(left, _LEAST_SECONDS)

    def take(self, count: int) -> None:
        """Note ``count`` more bytes; raises TooMuchError beyond the cap."""
        self.received += count
        # Twice, because a body in small chunks may have as much framing as text.
        if self.received > 2 * self.max_bytes + _HEADER_BYTES:
            raise TooMuchError(f"more than {self.received:,} bytes")


class _MeteredReader(io.RawIOBase):
    """The bytes of a socket, as long as the allowance lasts."""

    def __init__(self, sock: socket.socket, allowance: Allowance) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._allowance.seconds)
        count = self._raw.readinto(buffer)
        self._allowance.take(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Line:
    """What all connections of one transport share."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = threading.local()  # one thread asks and reads, from first to last byte
        self._open: WeakSet[socket.socket] = WeakSet()  # from which replies are or were read
        self._changing = threading.Lock()

    def note_reading(self, sock: socket.socket) -> None:
        """Note that a reply is about to be read from ``sock``."""
        with self._changing:
            self._open.add(sock)

    def hang_up(self) -> None:
        """Let whoever waits for a reply see the end of it."""
        with self._changing:
            for sock in list(self._open):
                with suppress(OSError):  # closed already
                    sock.shutdown(socket.SHUT_RDWR)

    @property
    def allowance(self) -> Allowance:
        """The allowance of the fetch that the calling thread is busy with."""
        allowance: Allowance = self._local.allowance
        return allowance

    @allowance.setter
    def allowance(self, allowance: Allowance) -> None:
        self._local.allowance = allowance

    def dial(self, host: str, port: int, *, seconds: float) -> socket.socket:
        """Connect to ``host``; raises OSError or PrivateAddressError."""
        ends = monotonic() + seconds
        targets = self._targets(*self._settings.connect_to.get(host.lower(), (host, port)))
        failure = OSError("no address")
        for tried, (family, address) in enumerate(targets):
            # A part of the time for each: a dead IPv6 route must leave some for IPv4.
            share = (ends - monotonic()) / (len(targets) - tried)
            try:
                sock = _connected(family, address, max(share, _LEAST_SECONDS))
            except OSError as error:
                failure = error
            else:
                sock.settimeout(max(ends - monotonic(), _LEAST_SECONDS))  # for TLS
                return sock
        raise failure

    def _targets(self, host: str, port: int) -> list[tuple[int, tuple[Any, ...]]]:
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except ValueError as error:  # a label that IDNA refuses, a NUL
            raise socket.gaierror(socket.EAI_NONAME, str(error)) from error
        allowed = self._settings.allowed_networks
        targets: list[tuple[int, tuple[Any, ...]]] = [
            (family, address)
            for family, _, _, _, address in found
            if may_be_dialled(ip_address(address[0]), allowed)
        ]
        if not targets:
            raise PrivateAddressError(", ".join(sorted({str(item[4][0]) for item in found})))
        return targets


def _connected(family: int, address: tuple[Any, ...], seconds: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


class _Reply(http.client.HTTPResponse):
    """A reply that is read through the meter."""

    def __init__(self, sock: socket.socket, allowance: Allowance, **options: Any) -> None:
        super().__init__(sock, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_MeteredReader(sock, allowance), _BUFFER_BYTES)


class _GuardedMixin(HTTPConnection):
    """How both kinds of connection dial, and read."""

    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.dial(self._dns_host, self.port, seconds=self.timeout or 0)

    def request(self, *args: Any, **options: Any) -> None:
        self._line.allowance.reused = self.sock is not None
        super().request(*args, **options)

    def response_class(  # type: ignore[override]  # a class, called as this is
        self, sock: socket.socket, **options: Any
    ) -> _Reply:
        self._line.note_reading(sock)
        return _Reply(sock, self._line.allowance, **options)


class _GuardedHTTP(_GuardedMixin):
    pass


class _GuardedHTTPS(_GuardedMixin, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _GuardedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class Transport(HTTPAdapter):
    """Sends prepared requests, keeps connections alive; safe to share between threads."""

    def __init__(self, settings: Settings, *, ca_file: str) -> None:
        self._line = _Line(settings)
        self._connect_time = settings.connect_time
        # Reading the certificates takes 20 ms, so once for all connections.
        self._tls = create_urllib3_context()
        self._tls.load_verify_locations(ca_file)
        super().__init__(pool_connections=_HOSTS, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, *_: Any, **__: Any) -> None:
        """Make the pools of our own connections."""
        self.poolmanager = PoolManager(connections, maxsize=maxsize, ssl_context=self._tls)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_HTTPPool, line=self._line),
            "https": partial(_HTTPSPool, line=self._line),
        }

    def close(self) -> None:
        """Close all connections, those that a reply is read from among them."""
        self._line.hang_up()
        super().close()

    def cert_verify(self, *_: Any) -> None:
        """Leave it to the context, which trusts our certificates and verifies always."""

    def ask(self, request: PreparedRequest, allowance: Allowance) -> Response:
        """Send ``request`` and return its reply, the body unread.

        Raises whatever requests, urllib3 and the socket raise, PrivateAddressError and
        TooMuchError. The connection serves again once ``.raw`` is read to its end; the caller
        closes ``.raw``.
        """
        allowance.received, allowance.reused = 0, False
        self._line.allowance = allowance
        left = allowance.seconds
        time = Timeout(connect=min(self._connect_time, left), total=left)
        return self.send(request, stream=True, timeout=time, proxies={})  # type: ignore[arg-type]
