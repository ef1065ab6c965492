"""Bytes → the page's tree, or why there is none.

libxml2 stops at 256 levels and says so only in its log, so a page of many nested or
unclosed tags would lose its text unseen. Such a page gets its runs of wrappers folded
into one and is read again. `huge_tree` would allow 2,048 levels, more than recursion in
Python can follow, and for text nodes of 10 MB, which pages below our cap cannot have.

The time that libxml2 takes for a tag grows with the square of its attributes: 20,000 in
one tag take 1.5 s, 100,000 take two minutes. So tags are measured before it reads them.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import cast

from lxml import etree

from pipeline.charsets import decode, one_line
from pipeline.model import Page, Reason

#: Bytes, as sent and as UTF-8. The longest live blogs have about four million; libxml2 loses
#: a run of text of ten million.
LARGEST = 9_000_000
#: Elements. The longest of 2,000 public pages has 12,000; all that reads them takes up to 50 µs
#: for each.
MOST_ELEMENTS = 30_000
#: Signs "<". A page with more is not even parsed; 50,000 wrappers, opened and closed, are a
#: quarter of it.
_MOST_SIGNS = 400_000

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
    r"(?>\s+|<\?xml[^>]*>|<!--.*?-->|<!DOCTYPE\s++(?!html)[^>]*>)*+"
    r"<(rss|feed|rdf:RDF|urlset|sitemapindex|svg)\b",
    re.DOTALL | re.IGNORECASE,
)
_JSON = re.compile(r"\s*+[\[{]\s*+[\[{\"]")
_DECLARATION = re.compile(r"\s*+<\?xml[^>]*>")

#: Pages end more than once, for templates put scripts and boxes behind their end. libxml2
#: drops what comes after it; a browser does not.
_PREMATURE = re.compile(r"</(?:body|html)\s*+>", re.IGNORECASE)

_FORMATTING_TAG = "span|font|center|b|i|u|em|strong|small|big"
_WRAPPER = rf"div|section|article|main|{_FORMATTING_TAG}"
#: What stands between a tag's name and its end; no "<", so that each sign is read once.
_INSIDE = r"[^<>]{0,300}+>"
#: Runs of this many wrappers without text between them hold no structure worth keeping.
_OPENINGS = re.compile(rf"(<(?:{_WRAPPER})\b{_INSIDE}\s*+){{8,}}+", re.IGNORECASE)
_CLOSINGS = re.compile(rf"(</(?:{_WRAPPER})\s*+>\s*+){{8,}}+", re.IGNORECASE)
_FORMATTING = re.compile(rf"</?(?:{_FORMATTING_TAG})\b{_INSIDE}", re.IGNORECASE)


class Unreadable(Exception):  # noqa: N818 - no failure: it ends as a Rejection, a value
    """The page has no tree; ``reason`` and ``detail`` say why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(detail)


def parse_page(page: Page, languages: tuple[str, ...] = ()) -> etree._Element:
    """Return the tree of ``page``; raise Unreadable where there is none.

    It is at most 256 levels deep, holds at most ``MOST_ELEMENTS`` and has one body at most.
    """
    _check_bytes(page)
    content_type = page.headers.get("content-type", "")
    text = decode(page.body, content_type=content_type, languages=languages).text
    _check_text(text)
    if found := _DECLARATION.match(text):
        text = text[found.end() :]
    text = _PREMATURE.sub("", text)
    root, is_whole = _parse(text)
    if not is_whole:
        text = _OPENINGS.sub(r"\1", _CLOSINGS.sub(r"\1", text))
        root, is_whole = _parse(_FORMATTING.sub(" ", text))
    if not is_whole:
        raise Unreadable(Reason.TOO_DEEP, "more than 256 levels of tags")
    if root is None:
        raise Unreadable(Reason.EMPTY, "no element")
    _check_tree(root, text)
    _join_bodies(root)
    return root


def _check_bytes(page: Page) -> None:
    if len(page.body) > LARGEST:
        raise Unreadable(Reason.TOO_LARGE, f"{len(page.body):,} bytes")
    start = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:_LONGEST_MAGIC]
    if not start:
        raise Unreadable(Reason.EMPTY, "no bytes")
    for magic, name in _MAGIC.items():
        if start.startswith(magic):
            raise Unreadable(Reason.NOT_HTML, name)


def _check_text(text: str) -> None:
    if found := _OTHER_XML.match(text):
        raise Unreadable(Reason.NOT_HTML, found[1].lower())
    if _JSON.match(text):
        raise Unreadable(Reason.NOT_HTML, "JSON")
    if not _TAG_SEEN.search(text):
        raise Unreadable(Reason.NOT_HTML, "no HTML tag")
    if (signs := text.count("<")) > _MOST_SIGNS:
        raise Unreadable(Reason.TOO_LARGE, f"{signs:,} tags")
    if (surplus := _surplus(text)) > _LARGEST_SURPLUS:
        raise Unreadable(Reason.TOO_LARGE, f"{surplus:,} characters of attributes in a few tags")


def _check_tree(root: etree._Element, text: str) -> None:
    if text.count("<") <= MOST_ELEMENTS:  # quicker than to count them
        return
    if (count := sum(1 for _ in root.iter())) > MOST_ELEMENTS:
        raise Unreadable(Reason.TOO_LARGE, f"{count:,} elements")


# --- tags of many attributes -----------------------------------------------

#: An attribute, as HTML parts them (13.2.5.32 and on). Atomic, as is all that repeats it:
#: there is one way to read a tag.
_ATTRIBUTE = (
    r"(?>[\s/]*+[^\s/>][^\s/>=]*+"
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+)"""
)
#: Attributes of one tag. Of 2,000 public pages the richest has one of 73; so many cost less than
#: the tag.
_USUAL_ATTRIBUTES = 64
#: What hides "<" (raw text, comments), and tags; group 2 holds the attributes beyond the usual.
#: A tag is read to its end once: to look for rich ones from each "<" can take minutes, since
#: a name or a value may hold it too.
_WHOLE_TAG = re.compile(
    r"<(?:(?=[a-zA-Z])(?i:(script|style|textarea|title|xmp|iframe|noembed|noframes)\b)"
    rf"(?:{_ATTRIBUTE})*+[\s/]*+>[^<]*+(?:<(?!/(?i:\1))[^<]*+)*+"
    r"|!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+)"
    rf"|[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{_USUAL_ATTRIBUTES}}}+((?:{_ATTRIBUTE})*+))"
)
#: Characters. So many hold ten thousand attributes at most, which take half a second.
_LARGEST_SURPLUS = 30_000


def _surplus(text: str) -> int:
    """Return how many characters of ``text`` are attributes beyond the usual number of a tag."""
    if len(text) <= _LARGEST_SURPLUS:
        return 0
    return sum(len(found[2]) for found in _WHOLE_TAG.finditer(text) if found[2])


# --- the parser ------------------------------------------------------------


def _parse(text: str) -> tuple[etree._Element | None, bool]:
    """Return the root, and whether the parser read to the end."""
    markup = text.replace("\0", "").encode(errors="replace")
    if len(markup) > LARGEST:
        raise Unreadable(Reason.TOO_LARGE, f"{len(markup):,} bytes as UTF-8")
    # lxml.html would build its own class for each element: a third of the time, unused.
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False
    )
    try:
        root = etree.fromstring(markup, parser=parser)
    except etree.XMLSyntaxError:  # "Document is empty"
        return None, True
    too_deep = etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return root, all(entry.type != too_deep for entry in parser.error_log)


def _join_bodies(root: etree._Element) -> None:
    """Put each further body into the first one: a browser shows them as one."""
    found = root.findall("body")
    for other in found[1:]:
        found[0].append(other)


def pieces_of(element: etree._Element) -> Iterator[str]:
    """Return the runs of text of ``element`` and below, as they stand."""
    return cast("Iterator[str]", element.itertext())  # bytes only from Python 2


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Tell whether an element with these ``attributes`` says that it is not shown."""
    style = attributes.get("style")
    is_unshown = style is not None and "display:none" in style.replace(" ", "").lower()
    return is_unshown or "hidden" in attributes


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
