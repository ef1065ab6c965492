"""Bytes → the page's tree, or why there is none.

libxml2 stops at 256 levels and says so only in its log, so a page of many nested or
unclosed tags would lose its text unseen. Such a page gets its runs of wrappers folded
into one and is read again.
"""

import html
import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from pipeline.charsets import decode, one_line
from pipeline.model import Page, Reason

#: Bytes. The longest live blogs have about four million.
LARGEST = 10_000_000

_MAGIC = {
    b"%PDF": "PDF",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or a sound",
    b"BM": "an image",
    b"PK\x03\x04": "an archive",
    b"\x1f\x8b": "an archive",
    b"Rar!": "an archive",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"{\\rtf": "an office document",
    b"\x00\x00\x00": "a video",
    b"ID3": "a sound",
    b"OggS": "a sound",
}
_LONGEST_MAGIC = 8
_TAG_SEEN = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|article|main|table|h1|span|section|br)\b",
    re.IGNORECASE,
)
#: Atomic: without it a page that opens with comments takes hours.
_OTHER_XML = re.compile(
    r"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(rss|feed|rdf:RDF|urlset|svg)\b", re.DOTALL
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")

_WRAPPER = "div|section|article|main|span|font|center|b|i|u|em|strong|small|big"
#: Runs of this many wrappers without text between them hold no structure worth keeping.
_OPENINGS = re.compile(rf"(<(?:{_WRAPPER})\b[^>]{{0,300}}>\s*){{8,}}", re.IGNORECASE)
_CLOSINGS = re.compile(rf"(</(?:{_WRAPPER})\s*>\s*){{8,}}", re.IGNORECASE)
_FORMATTING = re.compile(
    r"</?(?:span|font|center|b|i|u|em|strong|small|big)\b[^>]{0,300}>", re.IGNORECASE
)


class Unreadable(Exception):  # noqa: N818 - no failure: it ends as a Rejection, a value
    """The page has no tree; ``reason`` and ``detail`` say why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(detail)


def parse_page(page: Page, languages: tuple[str, ...] = ()) -> etree._Element:
    """Return the tree of ``page``; raise Unreadable where there is none."""
    _check_bytes(page)
    content_type = page.headers.get("content-type", "")
    text = decode(page.body, content_type=content_type, languages=languages).text
    _check_text(text)
    if 0 in page.body:
        text = text.replace("\x00", "")
    text = _DECLARATION.sub("", text, count=1)
    root, is_whole = _parse(text)
    if not is_whole:
        text = _OPENINGS.sub(r"\1", _CLOSINGS.sub(r"\1", text))
        root, is_whole = _parse(_FORMATTING.sub(" ", text))
    if not is_whole:
        raise Unreadable(Reason.TOO_DEEP, "more than 256 levels of tags")
    if root is None:
        raise Unreadable(Reason.EMPTY, "no element")
    return root


def _check_bytes(page: Page) -> None:
    if len(page.body) > LARGEST:
        raise Unreadable(Reason.TOO_LARGE, f"{len(page.body)} bytes")
    start = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:_LONGEST_MAGIC]
    if not start:
        raise Unreadable(Reason.EMPTY, "no bytes")
    for magic, name in _MAGIC.items():
        if start.startswith(magic):
            raise Unreadable(Reason.NOT_HTML, name)


def _check_text(text: str) -> None:
    if found := _OTHER_XML.match(text):
        raise Unreadable(Reason.NOT_HTML, found[1].lower())
    if not _TAG_SEEN.search(text):
        raise Unreadable(Reason.NOT_HTML, "no HTML tag")


def _parse(text: str) -> tuple[etree._Element | None, bool]:
    """Return the root, and whether the parser read to the end."""
    # lxml.html would build its own class for each element: a third of the time, unused.
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        root = etree.fromstring(text, parser=parser)
    except etree.XMLSyntaxError:  # "Document is empty"
        return None, True
    too_deep = etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return root, all(entry.type != too_deep for entry in parser.error_log)


def pieces_of(element: etree._Element) -> Iterator[str]:
    """Return the runs of text of ``element`` and below, as they stand."""
    return cast("Iterator[str]", element.itertext())  # bytes only from Python 2


def text_of(element: etree._Element) -> str:
    """Return all text of ``element`` and below, as it stands."""
    return "".join(pieces_of(element)) if len(element) else element.text or ""


def squeezed(text: str) -> str:
    """Return ``text`` with one blank for each run of them.

    >>> squeezed(" one\u2003two ")
    'one two'
    """
    if text.isprintable() and "  " not in text:  # most are: of blanks only " " is printable
        return text.strip()
    return " ".join(text.split())


_STRAY = re.compile("[\x00\x80-\x9f\ud800-\udfff]")


def sound(text: str) -> str:
    r"""Return ``text`` as UTF-8 takes it, without NUL and C1 controls.

    JSON can spell half a surrogate pair. A C1 control is a character of windows-1252 that
    was numbered as such: "&#146;" is an apostrophe (HTML, 13.2.5.80).

    >>> sound("it\x92s\x00 \ud83d") == "it’s \ufffd"
    True
    """
    return _STRAY.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    stray = found[0]
    if stray > "\x9f":
        return "\ufffd"
    return stray.strip("\x00").encode("latin-1").decode("cp1252", "ignore")


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def clean(text: str) -> str:
    """Return ``text`` as one line that can be stored and shown.

    Pages escape entities twice often enough, so they are read here once more; tags that
    come out of it are markup in the wrong place.

    >>> clean("A &amp;lt;b&amp;gt;bold&amp;lt;/b&amp;gt; step where 1 &lt; 2")
    'A bold step where 1 < 2'
    """
    return one_line(_TAG.sub("", sound(html.unescape(html.unescape(text)))))
