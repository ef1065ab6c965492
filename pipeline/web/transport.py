"""requests' transport, dialled through our guard and metered at the socket.

Four promises cannot be kept from above an HTTP library, so they are kept beneath it.

- *The address judged is the address dialled.* A connection resolves its host once, strikes
  out what `pipeline.web.guard` refuses, and dials what is left. Checking a name before
  handing it to the library was rejected: it would be resolved a second time.
- *The deadline holds.* A timeout of the library bounds one read, and a host that sends a byte
  a second never meets it, neither in the body nor in the headers. Every read here is given
  the time that is left of the whole fetch. (A watchdog that shuts sockets from another
  thread was rejected: the same effect with a thread, a heap and a race.) Connecting has its
  own shorter time, for resolving, all addresses and TLS together.
- *No byte beyond the cap is taken*, be it header, chunk size, trailer or body.
- *A reply belongs to its request.* Interim replies are skipped, and a connection on which
  more came than was announced is not used again: what is left on it would be read as the
  reply to the next request.

`HTTPAdapter` is used for its pools alone. Its Session would keep cookies, read the environment
and swallow the body of a redirect, decompressed, whole; its ``send`` builds a response with a
jar of cookies that nobody would look at.
"""

import logging
import socket
import threading
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from ssl import CERT_NONE
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakSet

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import (
    BaseHTTPResponse,
    HTTPConnectionPool,
    HTTPSConnectionPool,
    PoolManager,
    Retry,
    Timeout,
)
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from pipeline.settings import Settings
from pipeline.web.guard import may_be_dialled
from pipeline.web.metering import LEAST_SECONDS, Allowance, MeteredReply
from pipeline.web.resolving import Target, resolve

#: What hosts do wrong is told once, by our own errors; urllib3 would log it with a traceback.
logging.getLogger("urllib3").setLevel(logging.ERROR)

#: A connection kept for each of so many hosts; beyond, the one idle for longest is closed.
_HOSTS = 256
#: Whether a failure is worth another try is decided above.
_ONCE = Retry(total=False, redirect=False)


class PrivateAddressError(Exception):
    """The host name leads to no address that may be dialled."""


class _Line:
    """What all connections of one transport share."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = threading.local()  # one thread asks and reads, from first to last byte
        self._open: WeakSet[socket.socket] = WeakSet()  # on which somebody waits or waited
        self._changing = threading.Lock()
        self._is_over = threading.Event()

    def note_waiting(self, sock: socket.socket) -> None:
        """Note that somebody is about to wait for ``sock``; raises OSError after `hang_up`."""
        with self._changing:
            if self._is_over.is_set():
                raise ConnectionAbortedError("the run is ending")
            self._open.add(sock)

    def hang_up(self) -> None:
        """Let whoever waits for a host see the end of it, now and later."""
        with self._changing:
            self._is_over.set()
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
        host, port = self._settings.connect_to.get(host.lower(), (host, port))
        found = resolve(host.strip("[]"), port, seconds=seconds, is_over=self._is_over.is_set)
        targets = self._allowed(found)
        failure = OSError("no address")
        for tried, target in enumerate(targets):
            # A part of the time for each: a dead IPv6 route must leave some for IPv4.
            share = (ends - monotonic()) / (len(targets) - tried)
            try:
                sock = self._connected(target, max(share, LEAST_SECONDS))
            except OSError as error:
                failure = error
            else:
                sock.settimeout(max(ends - monotonic(), LEAST_SECONDS))  # for TLS
                return sock
        raise failure

    def _allowed(self, found: list[Target]) -> list[Target]:
        allowed = self._settings.allowed_networks
        targets = [item for item in found if may_be_dialled(ip_address(item[1][0]), allowed)]
        if not targets:
            raise PrivateAddressError(", ".join(sorted({str(item[1][0]) for item in found})))
        return targets

    def _connected(self, target: Target, seconds: float) -> socket.socket:
        family, address = target
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(seconds)
            self.note_waiting(sock)
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
        return sock


class _GuardedMixin(HTTPConnection):
    """How both kinds of connection dial, and read."""

    def __init__(self, *args: Any, line: _Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line

    def _new_conn(self) -> socket.socket:
        return self._line.dial(self._dns_host, self.port, seconds=self.timeout or 0)

    def prepare(self) -> None:
        """Connect if need be, and note for the fetch whether it was."""
        self._line.allowance.reused = not self.is_closed
        if self.is_closed:
            self.connect()

    def response_class(  # type: ignore[override]  # a class, called as this is
        self, sock: socket.socket, **options: Any
    ) -> MeteredReply:
        self._line.note_waiting(sock)
        return MeteredReply(sock, self._line.allowance, **options)


class _GuardedHTTP(_GuardedMixin):
    pass


class _GuardedHTTPS(_GuardedMixin, HTTPSConnection):
    pass


class _GuardedPool(HTTPConnectionPool):
    def _validate_conn(self, conn: Any) -> None:
        # Instead of the library's, which warns at each request of what the operator chose, and
        # which for http connects as late as when sending, where it overlooks a reset.
        conn.prepare()


class _HTTPPool(_GuardedPool):
    ConnectionCls = _GuardedHTTP


class _HTTPSPool(_GuardedPool, HTTPSConnectionPool):
    ConnectionCls = _GuardedHTTPS


class Transport(HTTPAdapter):
    """Sends prepared requests, keeps connections alive; safe to share between threads."""

    def __init__(self, settings: Settings, *, ca_file: str) -> None:
        self._line = _Line(settings)
        self._connect_time = settings.connect_time
        # Reading the certificates takes 20 ms, so once for all connections.
        self._verified = create_urllib3_context()
        self._verified.load_verify_locations(ca_file)
        # Another context, not another mode of the same: connections share it.
        self._unverified = create_urllib3_context()
        self._unverified.check_hostname = False
        self._unverified.verify_mode = CERT_NONE
        super().__init__(pool_connections=_HOSTS, pool_maxsize=1)

    def init_poolmanager(self, connections: int, maxsize: int, *_: Any, **__: Any) -> None:
        """Make the pools of our own connections."""
        self.poolmanager = PoolManager(connections, maxsize=maxsize)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_HTTPPool, line=self._line),
            "https": partial(_HTTPSPool, line=self._line),
        }

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, *_: Any, **__: Any
    ) -> Any:
        """Return the pool for ``request``; never the same for verified and other connections."""
        parts = urlsplit(request.url or "")
        context = self._verified if verify else self._unverified
        return self.poolmanager.connection_from_host(
            parts.hostname, parts.port, parts.scheme, {"ssl_context": context}
        )

    def close(self) -> None:
        """Close all connections, those that somebody waits for among them, for good."""
        self._line.hang_up()
        super().close()

    def ask(
        self, request: PreparedRequest, allowance: Allowance, *, verify: bool
    ) -> BaseHTTPResponse:
        """Send ``request`` and return its reply, the body unread.

        Raises whatever urllib3 and the socket raise, PrivateAddressError and TooMuchError. The
        connection serves again once the reply is read to its end; the caller closes it.
        ``verify``: whether the host must prove by its certificate who it is.
        """
        allowance.received, allowance.reused, allowance.surplus = 0, False, b""
        self._line.allowance = allowance
        left = allowance.seconds
        pool = self.get_connection_with_tls_context(request, verify)
        reply: BaseHTTPResponse = pool.urlopen(
            "GET",
            request.path_url,
            headers=request.headers,
            redirect=False,
            retries=_ONCE,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            timeout=Timeout(connect=min(self._connect_time, left), total=left),
        )
        return reply
