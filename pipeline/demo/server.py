"""The newsroom on loopback: every outlet is a virtual host of one server."""

import gzip
import socket
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from pipeline.demo.content import Newsroom
from pipeline.demo.replies import Reply, reply_to

#: Seconds until an idle kept-alive connection is closed; longer than any gap between requests.
IDLE = 30.0


class NewsroomServer:
    """Serve a newsroom on 127.0.0.1 for as long as the context lasts.

    Addresses in its pages are ``http://<outlet's host>/…`` without a port; a
    client finds them through ``connect_to``. At first everything is published;
    ``show_until`` sets the newsroom's clock.
    """

    def __init__(self, newsroom: Newsroom, *, port: int = 0) -> None:
        self._newsroom = newsroom
        self._port = port  # 0: any that is free
        self._until: datetime | None = None
        self._lock = Lock()
        self._requests: dict[str, Counter[str]] = {}

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self._port), self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom")
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """Where each outlet's host name is to be dialled, as ``Settings.connect_to`` takes it."""
        return {outlet.host: ("127.0.0.1", self.port) for outlet in self._newsroom.outlets}

    @property
    def requests(self) -> Mapping[str, Counter[str]]:
        """How often each path of each host was asked for, until now."""
        with self._lock:
            return {host: counter.copy() for host, counter in self._requests.items()}

    def show_until(self, moment: datetime | None) -> None:
        """Set the clock: what is published later does not exist yet (None: everything does)."""
        self._until = moment

    def reply(self, host: str, target: str) -> Reply:
        """Count a request and return the whole answer to it."""
        with self._lock:
            self._requests.setdefault(host, Counter())[target] += 1
        return reply_to(self._newsroom, host, target, until=self._until)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    """A reply as it goes over the wire."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


def _message(reply: Reply, asked: Message) -> _Message:
    """Return the message for ``reply`` to a request with the headers ``asked``."""
    headers = {"Vary": "Accept-Encoding"}
    if reply.modified_at is not None:
        headers["Last-Modified"] = format_datetime(reply.modified_at.astimezone(UTC), usegmt=True)
        # Weak, as one tag stands for the plain and the compressed bytes: RFC 9110, 8.8.3.3.
        headers["ETag"] = f'W/"{sha256(reply.body).hexdigest()[:16]}"'
        if _is_unchanged(reply.modified_at, headers["ETag"], asked):
            return _Message(status=HTTPStatus.NOT_MODIFIED, headers=headers, body=b"")
    body = reply.body
    if _takes_gzip(asked.get("Accept-Encoding", "")):
        body = gzip.compress(body, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers |= {"Content-Type": reply.media_type, "Content-Length": str(len(body))}
    return _Message(status=reply.status, headers=headers, body=body)


def _is_unchanged(modified_at: datetime, etag: str, asked: Message) -> bool:
    # If-None-Match decides alone where it is given: RFC 9110, 13.1.3.
    if tags := asked.get("If-None-Match"):
        return etag in {tag.strip() for tag in tags.split(",")}
    try:
        since = parsedate_to_datetime(asked.get("If-Modified-Since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and modified_at.replace(microsecond=0) <= since


def _takes_gzip(accept_encoding: str) -> bool:
    codings = (part.partition(";") for part in accept_encoding.lower().split(","))
    return any(
        name.strip() == "gzip" and weight.replace(" ", "") not in {"q=0", "q=0.0"}
        for name, _, weight in codings
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "newsroom"
    sys_version = ""
    timeout = IDLE
    # Head and body leave in one piece; in two they wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "_Server"

    def do_GET(self) -> None:  # the name that the base class looks for
        message = self._send_head()
        self.wfile.write(message.body)

    def do_HEAD(self) -> None:
        self._send_head()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Stay silent: the demo prints what the pipeline does."""

    def _send_head(self) -> _Message:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        message = _message(self.server.desk.reply(host, self.path), self.headers)
        self.send_response(message.status)
        for name, value in message.headers.items():
            self.send_header(name, value)
        self.end_headers()
        return message


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # server_close() then waits for them

    def __init__(self, address: tuple[str, int], desk: NewsroomServer) -> None:
        self.desk = desk
        self._open: set[socket.socket] = set()
        self._open_lock = Lock()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # The base class asks the resolver for the host's name, which may take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "newsroom", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        # A client may keep its connection; its thread would wait for the next request.
        with self._open_lock:
            for connection in self._open:
                _hang_up(connection)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up is its own business; anything else is a bug to be seen.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was faster
