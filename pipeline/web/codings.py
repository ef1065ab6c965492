"""A body as it came → the body as it is meant (RFC 9110, 8.4).

We ask for gzip and deflate only. What comes is another matter: plain text declared gzip,
deflate without its zlib envelope, brotli nobody asked for, a bomb of zeros, a stream that
ends before its trailer (which HTTP libraries hand out as a whole page).
"""

import re
import zlib
from dataclasses import dataclass

from pipeline.model import Reason

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
#: A gzip body may be several in a row (RFC 1952, 2.2). Nobody sends many, and each further
#: one costs a copy of the rest.
_MEMBERS = 100

#: Registered codings that we did not ask for. Any other word in the header (utf-8, none,
#: binary) is a misunderstanding and names no coding.
_UNASKED = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz"})
#: Markup or JSON: no coding was applied, whatever the header says.
_PLAIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[!?a-zA-Z]|[{\[])")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body without its codings; with a flaw, as much of it as there is."""

    body: bytes
    flaw: Reason | None = None  # TRUNCATED, TOO_LARGE or BAD_REPLY


def decode(sent: bytes, codings: str, *, max_bytes: int) -> Decoded:
    """Undo the ``codings`` of a Content-Encoding header, up to ``max_bytes`` bytes.

    >>> decode(zlib.compress(b"salam"), "deflate", max_bytes=100).body
    b'salam'
    >>> decode(zlib.compress(bytes(9_000)), "deflate", max_bytes=100).flaw.name
    'TOO_LARGE'
    """
    decoded = Decoded(sent)
    for coding in reversed(codings.lower().split(",")):
        decoded = _undo(coding.strip(), decoded.body, max_bytes)
        if decoded.flaw:
            break
    return decoded


def _undo(coding: str, sent: bytes, max_bytes: int) -> Decoded:
    if not sent:
        return Decoded(sent)
    if coding in {"gzip", "x-gzip"} and sent.startswith(_GZIP_MAGIC):
        return _inflated(sent, _GZIP, max_bytes)
    if coding == "deflate":
        # Half of the world sends the stream in zlib's envelope, as the RFC has it, half bare.
        decoded = _inflated(sent, zlib.MAX_WBITS, max_bytes)
        if decoded.flaw is Reason.BAD_REPLY:
            decoded = _inflated(sent, -zlib.MAX_WBITS, max_bytes)
        return Decoded(sent) if decoded.flaw and _PLAIN.match(sent) else decoded
    if coding in _UNASKED and not _PLAIN.match(sent):
        return Decoded(b"", Reason.BAD_REPLY)
    return Decoded(sent)


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
            return Decoded(b"".join(pieces))  # what follows the trailer is padding
    return Decoded(b"".join(pieces), Reason.BAD_REPLY)
