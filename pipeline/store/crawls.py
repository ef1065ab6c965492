"""Files that can be taken in, told apart by what is in them; saved pages, lists of addresses.

WARC files have a module of their own, `records`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from html import unescape
from pathlib import Path

from pipeline.charsets import decode
from pipeline.errors import ConfigError
from pipeline.store.unpacking import CHUNK, Damage, Stream

#: Bytes of a line in a list of addresses.
LONGEST_LINE = 65_536


class FileKind(Enum):
    """What a file holds."""

    WARC = "WARC"
    PAGE = "a saved page"
    LIST = "a list of addresses"


@dataclass(frozen=True, slots=True)
class CrawlFile:
    """A file that can be taken in."""

    path: Path
    kind: FileKind
    size: int  # bytes
    saved_at: datetime  # its last modification


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page as a browser saved it."""

    url: str | None  # None: it does not tell whence it is
    body: bytes
    is_whole: bool  # False: it is larger than was asked for
    damage: Damage | None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: an address, or what stands in the place of one."""

    number: int
    text: str
    position: int  # how far the file was read, bytes


# --- what a file is ----------------------------------------------------------

_NEITHER = "neither WARC, nor a saved HTML page, nor a list of addresses"
#: How files begin that are nearly what is wanted, and what can be done.
_NEARLY = (
    (b"\x28\xb5\x2f\xfd", "packed by zstd; unpack it first"),
    (b"BZh", "packed by bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed by xz; unpack it first"),
    (b"PK\x03\x04", "a zip file; unpack it first (a WACZ has its WARC files in archive/)"),
    (b"filedesc://", "ARC, the format before WARC; `warcio recompress` makes WARC of it"),
    (b"bplist00", "a page saved as a webarchive; save it as HTML"),
)
_MHTML = re.compile(
    r"(?:[\w-]+:.*\n|[ \t].*\n){0,30}?Content-Type:\s*multipart/related", re.IGNORECASE
)
#: Atomic: a page may open with many comments.
_HTML = re.compile(
    r"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+"
    r"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|div|article|main|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def recognize(path: Path) -> CrawlFile:
    """Tell what a file holds, by how it begins.

    Raises:
        ConfigError: it cannot be read, or is nothing that can be taken in.
    """
    try:
        facts = path.stat()
        with path.open("rb") as handle:
            begin = handle.read(16)
            head = Stream(handle).take(CHUNK)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    if not head:
        raise ConfigError(f"{path}: {'damaged gzip' if begin else 'empty'}")
    for magic, what in _NEARLY:
        if begin.startswith(magic) or head.startswith(magic):
            raise ConfigError(f"{path}: {what}")
    kind = FileKind.WARC if head.startswith(b"WARC/") else _kind_of_text(path, head)
    return CrawlFile(path, kind, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _kind_of_text(path: Path, head: bytes) -> FileKind:
    text = decode(head).text
    if _HTML.match(text):
        return FileKind.PAGE
    if _MHTML.match(text):
        raise ConfigError(f"{path}: a page saved as MHTML; save it as HTML")
    first = next(filter(_says_something, text.splitlines()), "")
    if _ADDRESS.fullmatch(first.strip()):
        return FileKind.LIST
    raise ConfigError(f"{path}: {_NEITHER}")


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


# --- saved pages -------------------------------------------------------------

#: Characters at the beginning of a page in which a browser writes whence it is.
_NOTE = 10_000
#: “Saved from url”, with the length of the address, is written by Chrome and its kin.
_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=\(\d{4,}\)|Page saved with SingleFile\s+url:)\s*(https?://\S+?)\s*"
    r"(?:-->|[\r\n])",
    re.IGNORECASE,
)
#: One that is not closed goes to the end.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<(?:link|meta)\s[^<>]{0,9000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![a-z:-])([a-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)


def read_saved(path: Path, *, most: int) -> SavedPage:
    """Read a saved page, ``most`` bytes of it."""
    try:
        with path.open("rb") as handle:
            stream = Stream(handle)
            body = stream.take(most)
            is_whole = not stream.has_more()
    except OSError as error:
        damage = Damage(0, f"cannot be read: {error.strerror or error}")
        return SavedPage(url=None, body=b"", is_whole=False, damage=damage)
    return SavedPage(
        url=find_address(decode(body).text), body=body, is_whole=is_whole, damage=stream.flaw
    )


def find_address(text: str) -> str | None:
    """Return the address whence a saved page is; None if it does not tell.

    What the browser noted is what was asked for; what the page declares may be a front page, so
    it comes second.

    >>> find_address("<!-- saved from url=(0021)https://example.org/1 --><html>")
    'https://example.org/1'
    >>> find_address("<html><link href='https://example.org/2' rel=canonical>")
    'https://example.org/2'
    """
    if found := _SAVED_FROM.search(text[:_NOTE]):
        return unescape(found[1])
    declared = [_attributes(found[0]) for found in _TAG.finditer(_COMMENT.sub("", text))]
    canonical = (one.get("href", "") for one in declared if "canonical" in _words(one, "rel"))
    open_graph = (one.get("content", "") for one in declared if one.get("property") == "og:url")
    addresses = (address.strip() for address in (*canonical, *open_graph))
    return next((address for address in addresses if _ADDRESS.fullmatch(address)), None)


def _attributes(tag: str) -> dict[str, str]:
    return {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in _ATTRIBUTE.findall(tag)
    }


def _words(attributes: dict[str, str], name: str) -> list[str]:
    return attributes.get(name, "").lower().split()


# --- lists -------------------------------------------------------------------


def read_lines(path: Path) -> Iterator[Line | Damage]:
    """Read a list of addresses: its lines but for empty ones and comments (#)."""
    try:
        with path.open("rb") as handle:
            stream = Stream(handle)
            number = 0
            while stream.has_more():
                number += 1
                text = stream.line(LONGEST_LINE).decode("utf-8", "replace").removeprefix("\ufeff")
                if _says_something(text):
                    yield Line(number, text.strip(), stream.position)
            if stream.flaw:
                yield stream.flaw
    except OSError as error:
        yield Damage(0, f"cannot be read: {error.strerror or error}")
