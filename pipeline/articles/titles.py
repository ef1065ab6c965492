"""The headline, without the name of the outlet and of the section."""

import re

from lxml import etree

from pipeline.articles.declared import Declared, text_in
from pipeline.articles.tree import clean, text_of
from pipeline.text import fold

SEPARATOR = re.compile(r"\s+(?:[|·•»«:/\\>]|::|-|–|—|―|~)\s+|\s*[|»]\s*")
#: A headline is longer than the name of an outlet or of a section.
_SHORTEST_HEADLINE = 10


def find_title(root: etree._Element, declared: Declared, site: str | None) -> str:
    """Return the headline of the page; empty if there is none."""
    heading = first_heading(root)
    page_title = clean(first_text(root, "title"))
    meta = declared.meta
    named = meta.get("og:title") or meta.get("twitter:title") or ""
    named = named or text_in(declared.article, "headline") or meta.get("dc.title", "") or page_title
    # What readers see, if the page's own title says the same.
    if heading and _holds(page_title or named, heading):
        return heading
    return strip_site_name(named, site) or heading or page_title


def _holds(longer: str, shorter: str) -> bool:
    one, other = fold(longer), fold(shorter)
    return bool(other) and (other in one or one in other)


def first_heading(root: etree._Element) -> str:
    """Return the first h1 that is long enough for a headline; empty if there is none."""
    found = [clean(text_of(h1)) for h1 in root.iter("h1")]
    long_enough = [text for text in found if len(text) >= _SHORTEST_HEADLINE]
    return long_enough[0] if long_enough else ""


def first_text(root: etree._Element, tag: str) -> str:
    """Return the text of the first element named ``tag``; empty if there is none."""
    for element in root.iter(tag):
        return text_of(element)
    return ""


def strip_site_name(title: str, site: str | None) -> str:
    """Return ``title`` without the name of the outlet that pages append or put first.

    >>> strip_site_name("A day of solidarity - ANALYTICS | News of the Day", "News of the Day")
    'A day of solidarity - ANALYTICS'
    >>> strip_site_name("A day of solidarity | Some outlet", None)
    'A day of solidarity'
    """
    spans = list(SEPARATOR.finditer(title))
    if not spans:
        return title
    head, tail = title[: spans[-1].start()], title[spans[-1].end() :]
    if site and fold(title[: spans[0].start()]) == fold(site):
        return title[spans[0].end() :]
    if site and fold(tail) == fold(site):
        return strip_site_name(head, None) if "|" in head else head
    # Without a known name only a bar parts an outlet from a headline for sure.
    is_sure = any(mark in spans[-1][0] for mark in "|»")
    return head if is_sure and len(head) >= _SHORTEST_HEADLINE else title
