"""A body as it came → the body as it is meant (RFC 9110, 8.4).

We ask for gzip and deflate only. What comes is another matter: plain text declared gzip, gzip
that is not declared or is declared deflate, deflate without its zlib envelope, brotli nobody
asked for, a bomb of zeros, a stream that ends before its trailer (which HTTP libraries hand
out as a whole page). So a body is judged by its first bytes, the header comes second.
"""

import re
import zlib
from dataclasses import dataclass, replace

from pipeline.model import Reason

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
#: A gzip body may be several in a row (RFC 1952, 2.2). Nobody sends many, and each further
#: one costs a copy of the rest.
_MEMBERS = 100

_ASKED = frozenset({"gzip", "x-gzip", "deflate"})
#: Registered codings that we did not ask for. Any other word in the header (utf-8, none,
#: binary) is a misunderstanding and names no coding.
_UNASKED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
#: Markup or JSON: no coding was applied, whatever the header says. Or gzip: another was.
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[!?a-zA-Z]|[{\[])|\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its codings; with a flaw, as much of it as there is."""

    body: bytes
    flaw: Reason | None = None  # TRUNCATED, TOO_LARGE or BAD_REPLY
    #: One coding was undone, and whoever knows the header alone would have done the same.
    as_declared: bool = False


def decode(sent: bytes, codings: str, *, max_bytes: int) -> Decoded:
    """Undo the ``codings`` of a Content-Encoding header, up to ``max_bytes`` bytes.

    >>> decode(zlib.compress(b"salam"), "deflate", max_bytes=100).body
    b'salam'
    >>> decode(zlib.compress(bytes(9_000)), "deflate", max_bytes=100).flaw.name
    'TOO_LARGE'
    """
    decoded = Decoded(sent)
    named = [coding.strip() for coding in codings.lower().split(",")]
    for coding in reversed(named):
        decoded = _undo(coding, decoded.body, max_bytes)
        if decoded.flaw:
            return decoded
    if decoded.body.startswith(_GZIP_MAGIC):
        # Nobody's text begins so. If it cannot be undone, it may be a file, for others to open.
        inner = _inflated(decoded.body, _GZIP, max_bytes)
        decoded = decoded if inner.flaw else replace(inner, as_declared=False)
    return decoded if len(named) == 1 else replace(decoded, as_declared=False)


def _undo(coding: str, sent: bytes, max_bytes: int) -> Decoded:
    if coding in _ASKED and sent:
        return _inflated_by_sight(coding, sent, max_bytes)
    if coding in _UNASKED and sent and not _PLAIN.match(sent):
        return Decoded(b"", Reason.BAD_REPLY)
    return Decoded(sent)


def _inflated_by_sight(coding: str, sent: bytes, max_bytes: int) -> Decoded:
    if sent.startswith(_GZIP_MAGIC):
        inflated = _inflated(sent, _GZIP, max_bytes)
        return inflated if coding == "gzip" else replace(inflated, as_declared=False)
    inflated = _inflated(sent, zlib.MAX_WBITS, max_bytes)
    if coding != "deflate":
        is_zlib = inflated.flaw is not Reason.BAD_REPLY
        return replace(inflated, as_declared=False) if is_zlib else Decoded(sent)
    # Half of the world sends the stream in zlib's envelope, as the RFC has it, half bare.
    if inflated.flaw is Reason.BAD_REPLY:
        inflated = _inflated(sent, -zlib.MAX_WBITS, max_bytes)
    return Decoded(sent) if inflated.flaw and _PLAIN.match(sent) else inflated


def _inflated(sent: bytes, wbits: int, max_bytes: int) -> Decoded:
    pieces: list[bytes] = []
    room = max_bytes
    for _ in range(_MEMBERS):
        inflater = zlib.decompressobj(wbits)
        try:
            pieces.append(inflater.decompress(sent, room + 1))
        except zlib.error:
            return Decoded(b"", Reason.BAD_REPLY)
        room -= len(pieces[-1])
        if room < 0:
            return Decoded(b"".join(pieces)[:max_bytes], Reason.TOO_LARGE)
        if not inflater.eof:
            return Decoded(b"".join(pieces), Reason.TRUNCATED)
        sent = inflater.unused_data
        if wbits != _GZIP or not sent.startswith(_GZIP_MAGIC):
            alone = not sent and len(pieces) == 1
            return Decoded(b"".join(pieces), as_declared=alone)  # what follows is padding
    return Decoded(b"".join(pieces), Reason.BAD_REPLY)
