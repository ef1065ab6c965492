"""WARC files of any crawler, as a stream of the records that may hold pages.

ISO 28500, versions 0.17 to 1.1; plain, gzip with one member a record, or gzip in one piece.

The reader is our own for what others do with a damaged file, tried on thirty kinds of damage.
warcio 1.8 keeps a head of any length in memory, refuses gzip in one piece, and takes a wrong
checksum for the end of the file. fastwarc 2.0 gives out the record in which the file ends, if
need be with half an address; where a Content-Length is wrong, it gives out half a page or two
in one. Here a record counts if it is as long as it says, if what follows is the end of a record,
and if its gzip has the right checksum. Else it is reported and passed over, and reading goes on
at the next record that can be found. Speed decides nothing: to read a page takes some hundred
times as long as to unpack it.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pipeline.store.unpacking import CHUNK, Damage, Stream

#: Bytes of a record's head. The longest part of one is an address, and 8,000 are many for that.
LONGEST_HEAD = 65_536
#: What is left of a file with more is not worth the search, each of which may read it all.
MOST_DAMAGES = 100
#: gzip packs at most 1,032 to 1.
_CLOSEST = 1_100

_VERSION = re.compile(rb"WARC/[01]\.[0-9]+[ \t]*\r?\n")
_LENGTH = re.compile(r"[0-9]{1,18}")
#: Zeros: of a file system that lost what was written there.
_NEXT_RECORD = re.compile(rb"(?<=[\n\0])WARC/[01]\.")
_NEXT_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
#: Line ends that close a record; there are writers that forget them.
_CLOSING = 2
#: More than either takes.
_OVERLAP = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record that may hold a page: a response, or a resource."""

    target: str  # the address as the crawler asked for it; empty: it does not say
    recorded_at: datetime | None  # None: it does not say
    content_type: str  # of the block
    is_reply: bool  # the block is an HTTP reply, head and body; else the document alone
    was_cut: bool  # by the crawler, which says so
    block: bytes  # its beginning, if it is longer than was asked for
    is_whole: bool  # the block is all there is
    position: int  # how far the file was read, bytes


def read_records(path: Path, *, most: int) -> Iterator[Record | Damage]:
    """Read the records of a file, each with ``most`` bytes of its block at most.

    Damage is told where it is met; after `MOST_DAMAGES` the rest is left.
    """
    try:
        with path.open("rb") as handle:
            yield from _read(handle, path.stat().st_size, most)
    except OSError as error:
        yield Damage(0, f"cannot be read: {error.strerror or error}")


def _read(handle: BinaryIO, size: int, most: int) -> Iterator[Record | Damage]:
    start: int | None = 0
    for _ in range(MOST_DAMAGES):
        if start is None:
            return
        stream = Stream(handle, start)
        try:
            yield from _read_stream(stream, size, most)
        except _DamagedError as damaged:
            yield damaged.damage
            start = _find_next(handle, damaged.damage.offset + 1, packed=stream.is_packed)
        else:
            return
    if start is not None:
        yield Damage(start, "too much of it is damaged; the rest is left")


class _DamagedError(Exception):
    """The record that is being read does not count."""

    def __init__(self, offset: int, what: str) -> None:
        self.damage = Damage(offset, what)
        super().__init__(what)


def _read_stream(stream: Stream, size: int, most: int) -> Iterator[Record]:
    stream.skip_line_ends()
    while stream.has_more():
        at = stream.offset
        head = _read_head(stream, at)
        length = _length_of(head, at)
        left = size - at
        if length > (left * _CLOSEST if stream.is_packed else left):
            raise _DamagedError(at, "cut short, or its Content-Length is wrong")
        kind = head.get("warc-type", "").lower()
        wanted = kind in {"response", "resource"}
        block = stream.take(min(length, most)) if wanted else b""
        missing = length - len(block) - stream.skip(length - len(block))
        _check_end(stream, at, missing=missing)
        if wanted:
            yield _record(head, block, is_whole=len(block) == length, position=stream.position)
    if stream.flaw:
        raise _DamagedError(stream.flaw.offset, stream.flaw.what)


def _check_end(stream: Stream, at: int, *, missing: int) -> None:
    """Raise _DamagedError if the record that began at ``at`` does not end here."""
    end = stream.offset
    line_ends = 0 if missing else stream.skip_line_ends()
    more = stream.has_more()  # to the checksum, if the record ends with its gzip member
    if stream.flaw and (missing or stream.flaw.offset == end):
        raise _DamagedError(at, stream.flaw.what)
    if missing:
        raise _DamagedError(at, "cut short")
    if more and line_ends < _CLOSING and not stream.goes_on_with(b"WARC/"):
        raise _DamagedError(at, "its Content-Length is wrong")


def _read_head(stream: Stream, at: int) -> Mapping[str, str]:
    first = stream.line(LONGEST_HEAD)
    if not _VERSION.fullmatch(first):
        raise _damaged_head(stream, at, "no WARC record")
    lines: list[bytes] = []
    room = LONGEST_HEAD
    while (line := stream.line(room)).strip(b"\r\n"):
        room -= len(line)
        if not room:
            raise _DamagedError(at, f"a head of more than {LONGEST_HEAD:,} bytes")
        if line[:1] in b" \t" and lines:  # folded, as was allowed before 1.1
            line = lines.pop().rstrip() + b" " + line.lstrip()
        lines.append(line)
    if not line:
        raise _damaged_head(stream, at, "cut short")
    fields = (_text(one).partition(":") for one in lines)
    return {name.strip().lower(): value.strip() for name, _, value in fields}


def _damaged_head(stream: Stream, at: int, what: str) -> _DamagedError:
    return _DamagedError(at, what if stream.flaw is None else stream.flaw.what)


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _length_of(head: Mapping[str, str], at: int) -> int:
    length = head.get("content-length", "")
    if not _LENGTH.fullmatch(length):
        raise _DamagedError(at, "no Content-Length")
    return int(length)


def _record(head: Mapping[str, str], block: bytes, *, is_whole: bool, position: int) -> Record:
    return Record(
        target=head.get("warc-target-uri", "").strip("<>"),  # as wget 1.19 wrote them
        recorded_at=_moment(head.get("warc-date", "")),
        content_type=head.get("content-type", ""),
        is_reply=head["warc-type"].lower() == "response",
        was_cut="warc-truncated" in head or head.get("warc-segment-number", "1") != "1",
        block=block,
        is_whole=is_whole,
        position=position,
    )


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# --- behind damage -----------------------------------------------------------


def _find_next(handle: BinaryIO, after: int, *, packed: bool) -> int | None:
    """Return where the next record begins, or the gzip member that holds it; None: nowhere."""
    sign = _NEXT_MEMBER if packed else _NEXT_RECORD
    handle.seek(after)
    window, start = b"", after
    while chunk := handle.read(CHUNK):
        window += chunk
        for found in sign.finditer(window):
            place = start + found.start()
            if not packed or _holds_record(handle, place):
                return place
        handle.seek(start + len(window))
        start += max(0, len(window) - _OVERLAP)
        window = window[-_OVERLAP:]
    return None


def _holds_record(handle: BinaryIO, place: int) -> bool:
    """Tell whether a gzip member begins here, and with a record."""
    handle.seek(place)
    try:
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        return inflater.decompress(handle.read(1_000), 5) == b"WARC/"
    except zlib.error:
        return False
