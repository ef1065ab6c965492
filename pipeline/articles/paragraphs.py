"""The article's element → its paragraphs, with BeautifulSoup."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from lxml import etree

from pipeline.articles.blocks import BLOCK
from pipeline.articles.tree import sound, squeezed

_ITEMS = frozenset(["li", "dt", "dd", "tr"])
_CELLS = frozenset(["td", "th"])
#: Controls, hyphenation and break hints, and the private characters of icon fonts.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ue000-\uf8ff]")


_TAG = re.compile(r"\w+", re.ASCII)
_BETWEEN_TAGS = re.compile(r">[ \t\r\n]+<")


def read_paragraphs(element: etree._Element) -> list[str]:
    """Return the paragraphs of ``element`` in order, list items as lines of one paragraph.

    Changes the tree.
    """
    # What stands in the line is nothing to BeautifulSoup but objects; lxml strips it for less.
    tags = {each.tag for each in element.iter()} - BLOCK - {"br"}
    etree.strip_tags(element, *filter(_TAG.fullmatch, tags))  # broken bytes stand in names too
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


def _read(root: Tag, pieces: list[str]) -> None:
    """Read what stands in ``root``; in a loop, for markup can be nested without end."""
    open_tags = [(iter(root.contents), "")]
    while open_tags:
        children, border = open_tags[-1]
        for child in children:
            if isinstance(child, Tag):
                if child.name == "br":
                    pieces.append("\n")
                    continue
                around = _border_of(child.name)
                pieces.append(around)
                open_tags.append((iter(child.contents), around))
                break
            if type(child) is NavigableString:  # its subclasses are comments, scripts, styles
                pieces.append(child.replace("\n", " "))
        else:
            pieces.append(border)
            open_tags.pop()


def _border_of(name: str) -> str:
    if name not in BLOCK:
        return ""
    return _ITEM if name in _ITEMS else " " if name in _CELLS else _BREAK


def _tidy(text: str) -> str:
    return "\n".join(map(squeezed, text.split("\n"))).strip("\n")
