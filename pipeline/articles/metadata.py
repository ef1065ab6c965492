"""What a page says of itself: title, author, moment, outlet, address.

Each has several places on a page, and they disagree. We ask first what the publisher
writes for machines about this article (JSON-LD, then meta), then what a reader sees
near the headline, then the address.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.moments import find_dates
from pipeline.articles.names import names_of
from pipeline.articles.tree import clean, pieces_of, sound, text_of
from pipeline.dates import read_moment
from pipeline.model import Moment
from pipeline.text import fold
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
    nodes = _read_json_ld(root)
    article = _article_node(nodes)
    meta = _read_meta(root)
    site_name = _site_name(root, article, meta)
    claims = chain(_declared_dates(article, meta), find_dates(root, url))
    return Metadata(
        title=_title(root, article, meta, site_name),
        published=_first_moment(claims, zone, now),
        byline=_byline(root, article, meta),
        language=_declared_language(root, article, meta),
        site_name=site_name,
        canonical_url=_canonical_url(root, meta, url),
        body=_body(article),
        is_article=bool(article) or meta.get("og:type", "").lower() in {"article", "news"},
    )


# --- JSON-LD ---------------------------------------------------------------

_Json = dict[str, object]

_ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Blog|Review|Recipe)$")
#: More objects than this are a product list, not an article's description.
_MOST_NODES = 500
#: The graph of an article is four or five levels deep.
_DEEPEST = 8
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")


def _read_json_ld(root: etree._Element) -> list[_Json]:
    found: list[_Json] = []
    for script in root.iter("script"):
        kind = (script.get("type") or "").strip().lower()
        if kind.startswith("application/ld+json") and script.text:
            found.extend(_objects(_load(script.text), _DEEPEST))
    return found[:_MOST_NODES]


def _load(text: str) -> object:
    """Parse JSON as pages write it: in comments, with commas too many, with line breaks."""
    for mend in (str.strip, _without_comments, _without_trailing_commas):
        text = mend(text)
        try:
            # strict=False: line breaks and tabs inside strings, as editors leave them
            loaded: object = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        return loaded
    return _salvage(text)


def _without_comments(text: str) -> str:
    return _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


_FIELD = re.compile(r'"(headline|datePublished|articleBody|inLanguage)"\s*:\s*"((?:[^"\\]|\\.)*)"')


def _salvage(text: str) -> _Json:
    """Pick the plain fields out of JSON that does not parse."""
    found: _Json = {"@type": "Article"}
    for name, value in _FIELD.findall(text):
        try:
            found.setdefault(name, json.loads(f'"{value}"', strict=False))
        except ValueError:  # a broken escape: the field is lost, the others are not
            continue
    return found if len(found) > 1 else {}


def _objects(value: object, depth: int) -> Iterator[_Json]:
    if depth == 0:
        return
    if isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            yield from _objects(value.get(name), depth - 1)
    elif isinstance(value, list):
        for item in value[:_MOST_NODES]:
            yield from _objects(item, depth - 1)


def _article_node(nodes: Iterable[_Json]) -> _Json:
    """Return the first object that is an article and has a headline, a text or a date."""
    for node in nodes:
        kinds = node.get("@type")
        named = kinds if isinstance(kinds, list) else [kinds]
        is_article = any(isinstance(k, str) and _ARTICLE_TYPE.search(k) for k in named)
        if is_article and any(node.get(n) for n in ("headline", "articleBody", "datePublished")):
            return node
    return {}


def _text_in(node: _Json, name: str) -> str:
    value = node.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return clean(value) if isinstance(value, str) else ""


def _body(article: _Json) -> str:
    body = article.get("articleBody")
    return sound(body).strip() if isinstance(body, str) else ""


# --- meta ------------------------------------------------------------------


def _read_meta(root: etree._Element) -> dict[str, str]:
    """Return the first content of each meta name, in lower case."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = meta.get("content")
        if not content:
            continue
        names = meta.get("property"), meta.get("name"), meta.get("itemprop"), meta.get("http-equiv")
        for name in names:
            if name:
                found.setdefault(name.strip().lower(), clean(content))
    return found


# --- title -----------------------------------------------------------------

_SEPARATOR = re.compile(r"\s+(?:[|·•»«:/\\>]|::|-|–|—|―|~)\s+|\s*[|»]\s*")
#: A headline is longer than the name of an outlet or of a section.
_SHORTEST_HEADLINE = 10


def _title(root: etree._Element, article: _Json, meta: dict[str, str], site: str | None) -> str:
    heading = _heading(root)
    page_title = clean(_first_text(root, "title"))
    og_title = meta.get("og:title") or meta.get("twitter:title") or ""
    declared = og_title or _text_in(article, "headline") or meta.get("dc.title", "") or page_title
    # What readers see, if the page's own title says the same.
    if heading and _holds(page_title or declared, heading):
        return heading
    return strip_site_name(declared, site) or heading or page_title


def _holds(longer: str, shorter: str) -> bool:
    one, other = fold(longer), fold(shorter)
    return bool(other) and (other in one or one in other)


def _heading(root: etree._Element) -> str:
    found = [clean(text_of(h1)) for h1 in root.iter("h1")]
    long_enough = [text for text in found if len(text) >= _SHORTEST_HEADLINE]
    return long_enough[0] if long_enough else ""


def _first_text(root: etree._Element, tag: str) -> str:
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
    spans = list(_SEPARATOR.finditer(title))
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


# --- the moment ------------------------------------------------------------

_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "article.published", "published-date", "published_date",
    "publish-date", "publish_date", "publication_date", "pubdate", "dc.date.issued",
    "dcterms.created", "dc.date", "dc.date.created", "dcterms.date", "date.release", "date",
    "cxenseparse:recs:publishtime", "article:published", "originalpublicationdate", "displaydate",
    "citation_publication_date", "citation_date", "timestamp", "datecreated",
)  # fmt: skip


def _declared_dates(article: _Json, meta: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What the publisher writes for machines, with its origin, the best first."""
    for name in ("datePublished", "dateCreated"):
        yield _text_in(article, name), "json-ld"
    for name in _META_DATES:
        if name in meta:
            yield meta[name], "meta"


def _first_moment(
    claims: Iterable[tuple[str, str]], zone: ZoneInfo, now: datetime
) -> Moment | None:
    for raw, origin in claims:
        if moment := read_moment(raw, zone=zone, now=now, origin=origin):
            return moment
    return None


# --- the rest --------------------------------------------------------------


def _site_name(root: etree._Element, article: _Json, meta: dict[str, str]) -> str | None:
    publisher = article.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    declared = _text_in(publisher, "name") if isinstance(publisher, dict) else ""
    named = meta.get("og:site_name") or declared or meta.get("application-name")
    return named or _name_behind_heading(root)


def _name_behind_heading(root: etree._Element) -> str | None:
    """Return what the page's title says behind the headline."""
    title, heading = clean(_first_text(root, "title")), _heading(root)
    if not heading or not title.startswith(heading):
        return None
    parted = _SEPARATOR.match(title, len(heading))
    return title[parted.end() :] if parted else None


#: A name is short; a longer text is a biography.
_LONGEST_BYLINE = 100
_BY = re.compile(r"^(?:by|von|par|por|автор|müəllif|yazar)\b\s*:?\s*", re.IGNORECASE)
_NAMING = frozenset(["class", "rel", "itemprop"])
_BYLINE_NAME = re.compile(
    r"(?<![a-z])(?:byline|author|muellif)(?!-?(?:bio|box|info|desc|image|img))"
)


def _byline(root: etree._Element, article: _Json, meta: dict[str, str]) -> str | None:
    declared = (
        ", ".join(_author_names(article.get("author"))),
        *(meta.get(name, "") for name in ("author", "article:author", "dc.creator")),
    )
    for candidate in chain(declared, _visible_bylines(root)):
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


def _declared_language(root: etree._Element, article: _Json, meta: dict[str, str]) -> str | None:
    declared = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        root.get("xml:lang"),
        _text_in(article, "inLanguage"),
        meta.get("og:locale"),
        meta.get("content-language"),
    )
    for value in declared:
        if value and (found := _LANGUAGE.match(value.strip())):
            return found[0].lower()
    return None


_WHOLE_ADDRESS = re.compile(r"\s*(?:https?:|[/.?])", re.IGNORECASE)


def _canonical_url(root: etree._Element, meta: dict[str, str], url: str) -> str | None:
    links = [
        link.get("href")
        for link in root.iter("link")
        if (link.get("rel") or "").lower() == "canonical"
    ]
    for address in (*links, meta.get("og:url")):
        # Templates forget the first slash; “az/news/1” then leads to a page that is not there.
        if not _WHOLE_ADDRESS.match(address or ""):
            continue
        try:
            return join_url(url, address or "")
        except ValueError:  # no address, or none of the web
            continue
    return None
