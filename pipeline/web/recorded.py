"""A reply that somebody recorded, as it stands in a WARC file (pure).

Crawlers keep the bytes of the line, or what they made of them: joined chunks, undone codings,
with the headers as they were, renamed, or changed. So here too the body tells, and the
headers come second.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.model import Reason
from pipeline.web.codings import Decoded, decode
from pipeline.web.replies import body_length, header_fields, lower_case_headers

#: Room for the head of a reply, as `transport` gives it.
LONGEST_HEAD = 262_144

_STATUS_LINE = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})(?![0-9])[^\n]*\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"(?:\r?\n)?([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReply:
    """A recorded reply: its head, read, and its body, unread."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    sent: bytes

    @property
    def media_type(self) -> str:
        """The declared type without parameters, in lower case; empty if none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def body(self, *, max_bytes: int) -> Decoded:
        """Return the body without its codings, and what is wrong with it."""
        transfer = self.headers.get("transfer-encoding", "").lower()
        if "chunked" in transfer:
            joined = _joined(self.sent)
            if joined.flaw:
                return joined
            sent = joined.body
        else:
            sent = self.sent
            if self._announced() > len(sent):
                return Decoded(sent, Reason.TRUNCATED)
        codings = [self.headers.get("content-encoding", ""), transfer.replace("chunked", "")]
        decoded = decode(sent, ",".join(codings), max_bytes=max_bytes)
        too_large = not decoded.flaw and len(decoded.body) > max_bytes
        return Decoded(decoded.body, Reason.TOO_LARGE) if too_large else decoded

    def _announced(self) -> int:
        try:
            return body_length(self.headers.get("content-length", "")) or 0
        except ValueError:
            return 0


def parse_reply(block: bytes) -> RecordedReply | None:
    r"""Read the head of a recorded reply; None if there is none.

    >>> parse_reply(b"HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\ngone")
    RecordedReply(status=404, headers={'server': 'x'}, sent=b'gone')
    """
    first = _STATUS_LINE.match(block)
    if first is None:
        return None
    # From the end of the first line on, for there may be no more lines.
    end = _END_OF_HEAD.search(block, first.end() - 2, LONGEST_HEAD)
    if end is None:
        return None
    lines = block[first.end() : end.start()].splitlines()
    return RecordedReply(
        status=int(first[1]),
        headers=lower_case_headers(header_fields(lines)),
        sent=block[end.end() :],
    )


def _joined(sent: bytes) -> Decoded:
    """Join the chunks of a body (RFC 9112, 7.1), unless the crawler has done so."""
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK_SIZE.match(sent, at):
        size = int(found[1], 16)
        if not size:
            return Decoded(b"".join(pieces))
        piece = sent[found.end() : found.end() + size]
        pieces.append(piece)
        at = found.end() + size
    return Decoded(b"".join(pieces), Reason.TRUNCATED) if pieces else Decoded(sent)
