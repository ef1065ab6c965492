"""The article's element → its paragraphs, with BeautifulSoup."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree

_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "img", "ins", "kbd", "label", "mark", "picture", "q", "ruby", "rb", "s", "samp",
    "small", "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
)  # fmt: skip
_ITEMS = frozenset(["li", "dt", "dd", "tr"])
_CELLS = frozenset(["td", "th"])
#: Hyphenation and break hints, and the private characters of icon fonts.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff\ue000-\uf8ff\ufdd0\ufdd1]")


def read_paragraphs(element: etree._Element) -> list[str]:
    """Return the paragraphs of ``element`` in order, list items as lines of one paragraph."""
    etree.strip_tags(element, *_INLINE)
    etree.strip_attributes(element, "*")
    markup = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return read_markup(markup)


def read_markup(markup: str) -> list[str]:
    """Return the paragraphs of a piece of HTML, or of a text without tags."""
    # In an element, or BeautifulSoup would warn of a text that looks like an address.
    soup = BeautifulSoup(f"<div>{markup}</div>", "lxml")
    pieces: list[str] = []
    _read(soup, pieces)
    parts = _ITEM_BORDERS.sub("\n", "".join(pieces)).split(_BREAK)
    found = (paragraph for part in parts for paragraph in _tidy(part).split("\n\n"))
    return [paragraph.strip("\n") for paragraph in found if paragraph.strip("\n")]


#: Between paragraphs and between items while the pieces are joined; noncharacters,
#: which no text holds.
_BREAK = "\ufdd0"
_ITEM = "\ufdd1"
_ITEM_BORDERS = re.compile(f"[ \n]*{_ITEM}[{_ITEM} \n]*")


def _read(tag: Tag, pieces: list[str]) -> None:
    for child in tag.children:
        if isinstance(child, NavigableString):
            pieces.append(_UNSEEN.sub("", child).replace("\n", " "))
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
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(lines).strip("\n")
