"""The bytes of a reply: timed, counted, and read with patience for what hosts send.

Beneath the library, since a deadline and a cap must hold for the headers too, and since the
library takes an interim reply (103) for the reply, and a line without a colon for the end of
the headers: those behind it, which say that the body is compressed or chunked, would be lost.
"""

import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from pipeline.web.replies import (
    INTERIM,
    PAGES,
    SWITCHING,
    WITHOUT_BODY,
    body_length,
    header_fields,
)

#: Servers with some hundred headers exist, and the library's hundred would cost their pages.
http.client._MAXHEADERS = 1_000  # type: ignore[attr-defined]  # noqa: SLF001
_read_lines = http.client._read_headers  # type: ignore[attr-defined]  # noqa: SLF001

#: Room for headers, beside the body.
_HEADER_BYTES = 262_144
#: Most of a page in few calls.
_BUFFER_BYTES = 65_536
#: How long more is awaited from a host that has sent more than it had announced.
_SURPLUS_SECONDS = 0.5
#: Sockets take no time of zero: it would mean not to wait at all.
LEAST_SECONDS = 0.001


class TooMuchError(Exception):
    """A reply took more bytes than it may."""


@dataclass(slots=True)
class Allowance:
    """What a fetch may take, and what its connection did."""

    ends: float  # moment of the monotonic clock
    max_bytes: int  # of one body
    received: int = 0  # bytes of this reply, headers and framing included
    reused: bool = False  # the connection had served before
    surplus: bytes = b""  # of the body, beyond the length that was announced

    @property
    def seconds(self) -> float:
        """What is left of the time; raises TimeoutError if nothing is."""
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError("the time for one request is over")
        return max(left, LEAST_SECONDS)

    @contextmanager
    def at_most(self, seconds: float) -> Iterator[None]:
        """Have no more than ``seconds`` left, within."""
        ends, self.ends = self.ends, min(self.ends, monotonic() + seconds)
        try:
            yield
        finally:
            self.ends = ends

    def take(self, count: int) -> None:
        """Note ``count`` more bytes; raises TooMuchError beyond the cap."""
        self.received += count
        # Twice, because a body in small chunks may have as much framing as text.
        if self.received > 2 * self.max_bytes + _HEADER_BYTES:
            raise TooMuchError(f"more than {self.received:,} bytes")


class _MeteredReader(io.RawIOBase):
    """The bytes of a socket, as long as the allowance lasts."""

    def __init__(self, sock: socket.socket, allowance: Allowance) -> None:
        self.paused = False  # and as good as at its end
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.paused:
            return 0
        self._sock.settimeout(self._allowance.seconds)
        count = self._raw.readinto(buffer)
        self._allowance.take(count or 0)
        return count

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return itself buffered, as a socket would for a reply."""
        return io.BufferedReader(self, _BUFFER_BYTES)

    def close(self) -> None:
        self._raw.close()
        super().close()


class MeteredReply(http.client.HTTPResponse):
    """A reply that is read through the meter."""

    def __init__(self, sock: socket.socket, allowance: Allowance, **options: Any) -> None:
        self._sock = sock
        self._allowance = allowance
        self._meter = _MeteredReader(sock, allowance)
        super().__init__(self._meter, **options)  # type: ignore[arg-type]  # asked for a file only

    def begin(self) -> None:
        """Read the head."""
        version, self.status, reason = self._status_line()
        while self.status in INTERIM:
            _read_lines(self.fp)
            version, self.status, reason = self._status_line()
        if not version.startswith("HTTP/1."):
            raise http.client.UnknownProtocol(version)
        self.version = 10 if version == "HTTP/1.0" else 11
        self.code, self.reason = self.status, reason.strip()
        self.headers = self.msg = http.client.HTTPMessage()
        lines = _read_lines(self.fp)
        if not lines[-1] and self.status in PAGES:
            raise http.client.IncompleteRead(b"".join(lines))
        for name, value in header_fields(lines):
            self.headers.set_raw(name, value)
        self._find_end()

    def _status_line(self) -> tuple[str, int, str]:
        read: tuple[str, int, str] = self._read_status()  # type: ignore[attr-defined]
        return read

    def _find_end(self) -> None:
        """Tell from the head where the body ends, and whether the connection ends with it."""
        self.chunked, self.chunk_left, self.length = False, None, 0
        if self.status not in WITHOUT_BODY:
            self.chunked = "chunked" in (self.headers.get("transfer-encoding") or "").lower()
            lengths = ", ".join(self.headers.get_all("content-length", []))
            self.length = None if self.chunked else body_length(lengths)
        knows_end = self.chunked or self.length is not None
        is_last = self._check_close()  # type: ignore[attr-defined]
        self.will_close = is_last or not knows_end or self.status == SWITCHING

    def _close_conn(self) -> None:
        """End reading; called when all that was announced is there, or the reply is given up."""
        self._meter.paused = True  # so that looking shows only what is here already
        if self.fp.peek(1):
            if self.length == 0 and self.status in PAGES:
                self._allowance.surplus = self._surplus()
            with suppress(OSError):  # closed by the other side
                self._sock.shutdown(socket.SHUT_RDWR)
        super()._close_conn()  # type: ignore[misc]

    def _surplus(self) -> bytes:
        """Read on after the announced length: some hosts count letters, and send bytes."""
        self._meter.paused = False
        pieces: list[bytes] = []
        with self._allowance.at_most(_SURPLUS_SECONDS), suppress(OSError, TooMuchError):
            while piece := self.fp.read1(_BUFFER_BYTES):
                pieces.append(piece)
        rest = b"".join(pieces)
        return b"" if rest.isspace() or rest.startswith(b"HTTP/") else rest
