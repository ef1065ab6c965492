"""The article's element → its paragraphs, with BeautifulSoup."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree

from pipeline.articles.tree import sound, squeezed

_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "picture", "q", "ruby", "rb", "s", "samp",
    "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
)  # fmt: skip
_ITEMS = frozenset(["li", "dt", "dd", "tr"])
_CELLS = frozenset(["td", "th"])
#: Controls, hyphenation and break hints, and the private characters of icon fonts.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ue000-\uf8ff]")


_BETWEEN_TAGS = re.compile(r">[ \t\r\n]+<")


def read_paragraphs(element: etree._Element) -> list[str]:
    """Return the paragraphs of ``element`` in order, list items as lines of one paragraph."""
    etree.strip_tags(element, *_INLINE)
    etree.strip_attributes(element, "{}*")  # a bare "*" takes away none
    markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    # All tags that are left border something, so blanks between them say nothing.
    return read_markup(_BETWEEN_TAGS.sub("><", markup))


def read_markup(markup: str) -> list[str]:
    """Return the paragraphs of a piece of HTML, or of a text without tags."""
    # In an element, or BeautifulSoup would warn of a text that looks like an address.
    unmarked = markup.replace(_BREAK, "").replace(_ITEM, "")
    soup = BeautifulSoup(f"<div>{unmarked}</div>", "lxml")
    pieces: list[str] = []
    _read(soup, pieces)
    text = _UNSEEN.sub("", sound("".join(pieces)))
    if _ITEM in text:
        text = _ITEM_BORDERS.sub("\n", text)
    parts = text.split(_BREAK)
    found = (paragraph for part in parts for paragraph in _tidy(part).split("\n\n"))
    return [paragraph.strip("\n") for paragraph in found if paragraph.strip("\n")]


#: Between paragraphs and between items while the pieces are joined: noncharacters, which
#: no text should hold.
_BREAK = "\ufdd0"
_ITEM = "\ufdd1"
#: From the start of a run of blanks only: a page can hold a hundred thousand.
_ITEM_BORDERS = re.compile(f"(?<![ \n])[ \n]*+{_ITEM}[{_ITEM} \n]*")


def _read(tag: Tag, pieces: list[str]) -> None:
    for child in tag.contents:
        if isinstance(child, NavigableString):
            pieces.append(child.replace("\n", " "))
        elif not isinstance(child, Tag):
            continue
        elif child.name == "br":
            pieces.append("\n")
        else:
            border = _ITEM if child.name in _ITEMS else " " if child.name in _CELLS else _BREAK
            pieces.append(border)
            _read(child, pieces)
            pieces.append(border)


def _tidy(text: str) -> str:
    return "\n".join(map(squeezed, text.split("\n"))).strip("\n")
