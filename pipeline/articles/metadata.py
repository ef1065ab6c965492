"""What a page says of itself: title, author, moment, outlet, address.

Each has several places on a page, and they disagree. We ask first what the publisher
writes for machines about this article (JSON-LD, then meta), then what a reader sees
near the headline, then the address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.declared import Declared, read_declared, text_in
from pipeline.articles.moments import find_moments
from pipeline.articles.names import names_of
from pipeline.articles.titles import SEPARATOR, find_title, first_heading, first_text
from pipeline.articles.tree import clean, pieces_of
from pipeline.model import Moment
from pipeline.urls import join_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was found; empty or None where the page does not say."""

    title: str
    published: Moment | None
    byline: str | None
    language: str | None  # as declared
    site_name: str | None
    canonical_url: str | None
    body: str  # the article's text as JSON-LD carries it
    is_article: bool  # the page calls itself an article


def read_metadata(root: etree._Element, *, url: str, zone: ZoneInfo, now: datetime) -> Metadata:
    """Read the metadata of the tree ``root`` of the page at ``url``; changes nothing."""
    declared = read_declared(root)
    site_name = _site_name(root, declared)
    moments = find_moments(root, declared, url=url, zone=zone, now=now)
    return Metadata(
        title=find_title(root, declared, site_name),
        published=moments.published,
        byline=_byline(root, declared),
        language=_declared_language(root, declared),
        site_name=site_name,
        canonical_url=_canonical_url(root, declared, url),
        body=declared.body,
        is_article=declared.is_article,
    )


def _site_name(root: etree._Element, declared: Declared) -> str | None:
    publisher = declared.article.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    published_by = text_in(publisher, "name") if isinstance(publisher, dict) else ""
    meta = declared.meta
    named = meta.get("og:site_name") or published_by or meta.get("application-name")
    return named or _name_behind_heading(root)


def _name_behind_heading(root: etree._Element) -> str | None:
    """Return what the page's title says behind the headline."""
    title, heading = clean(first_text(root, "title")), first_heading(root)
    if not heading or not title.startswith(heading):
        return None
    parted = SEPARATOR.match(title, len(heading))
    return title[parted.end() :] if parted else None


#: A name is short; a longer text is a biography.
_LONGEST_BYLINE = 100
_BY = re.compile(r"^(?:by|von|par|por|автор|müəllif|yazar)\b\s*:?\s*", re.IGNORECASE)
_NAMING = frozenset(["class", "rel", "itemprop"])
_BYLINE_NAME = re.compile(
    r"(?<![a-z])(?:byline|author|muellif)(?!-?(?:bio|box|info|desc|image|img))"
)


def _byline(root: etree._Element, declared: Declared) -> str | None:
    written = (
        ", ".join(_author_names(declared.article.get("author"))),
        *(declared.meta.get(name, "") for name in ("author", "article:author", "dc.creator")),
    )
    for candidate in chain(written, _visible_bylines(root)):
        name = _BY.sub("", candidate).strip()
        if name and "://" not in name and len(name) <= _LONGEST_BYLINE:
            return name
    return None


def _author_names(author: object) -> Iterator[str]:
    for item in author if isinstance(author, list) else [author]:
        name = item.get("name") if isinstance(item, dict) else item
        if isinstance(name, str) and clean(name):
            yield clean(name)


def _visible_bylines(root: etree._Element) -> Iterator[str]:
    for element in root.iter("a", "span", "div", "p", "address", "li"):
        names = names_of(element, _NAMING)
        if names and _BYLINE_NAME.search(names.lower()):
            yield next((clean(line) for line in pieces_of(element) if line.strip()), "")


_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])", re.IGNORECASE | re.ASCII)


def _declared_language(root: etree._Element, declared: Declared) -> str | None:
    written = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        root.get("xml:lang"),
        text_in(declared.article, "inLanguage"),
        declared.meta.get("og:locale"),
        declared.meta.get("content-language"),
    )
    for value in written:
        if value and (found := _LANGUAGE.match(value.strip())):
            return found[0].lower()
    return None


_WHOLE_ADDRESS = re.compile(r"\s*(?:https?:|[/.?])", re.IGNORECASE)


def _canonical_url(root: etree._Element, declared: Declared, url: str) -> str | None:
    links = [
        link.get("href")
        for link in root.iter("link")
        if (link.get("rel") or "").lower() == "canonical"
    ]
    for address in (*links, declared.meta.get("og:url")):
        # Templates forget the first slash; “az/news/1” then leads to a page that is not there.
        if not _WHOLE_ADDRESS.match(address or ""):
            continue
        try:
            return join_url(url, address or "")
        except ValueError:  # no address, or none of the web
            continue
    return None
