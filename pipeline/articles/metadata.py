"""What a page says of itself: title, author, moment, outlet, address.

Each has several places on a page, and they disagree. We ask first what the publisher
writes for machines about this article (JSON-LD, then meta), then what a reader sees
near the headline, then the address. The newest date of a page is never the answer: it
is that of a teaser or a comment.
"""

import html as entities
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.tree import text_of
from pipeline.dates import read_moment
from pipeline.model import Moment
from pipeline.text import fold


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
    return Metadata(
        title=_title(root, article, meta, site_name),
        published=_published(root, article, meta, url=url, zone=zone, now=now),
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
    text = _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            # strict=False: line breaks and tabs inside strings, as editors leave them
            loaded: object = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        return loaded
    return _salvage(text)


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


def _text_of(node: _Json, name: str) -> str:
    value = node.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return _clean(value) if isinstance(value, str) else ""


def _body(article: _Json) -> str:
    body = article.get("articleBody")
    return body.strip() if isinstance(body, str) else ""


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
                found.setdefault(name.strip().lower(), _clean(content))
    return found


_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")


def _clean(text: str) -> str:
    """One line without entities; pages escape twice often enough."""
    return " ".join(_INVISIBLE.sub("", entities.unescape(text)).split())


# --- title -----------------------------------------------------------------

_SEPARATOR = re.compile(r"\s+(?:[|·•»«:/\\>]|::|-|–|—|―|~)\s+|\s*[|»]\s*")
#: A headline is longer than the name of an outlet or of a section.
_SHORTEST_HEADLINE = 10


def _title(root: etree._Element, article: _Json, meta: dict[str, str], site: str | None) -> str:
    heading = _heading(root)
    page_title = _clean(_first_text(root, "title"))
    og_title = meta.get("og:title") or meta.get("twitter:title") or ""
    declared = og_title or _text_of(article, "headline") or meta.get("dc.title", "") or page_title
    # What readers see, if the page's own title says the same.
    if heading and _holds(page_title or declared, heading):
        return heading
    return strip_site_name(declared, site) or heading or page_title


def _holds(longer: str, shorter: str) -> bool:
    one, other = fold(longer), fold(shorter)
    return bool(other) and (other in one or one in other)


def _heading(root: etree._Element) -> str:
    found = [_clean(text_of(h1)) for h1 in root.iter("h1")]
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
_DATE_NAME = re.compile(
    r"publish|pubdate|posted|(?<![a-z])date(?!picker)|datetime|timestamp|dateline|tarix|tarih|дата"
    r"|(?<![a-z])time(?!line|r)|created|entry-meta|byline|post-meta|article-meta|news-meta",
    re.IGNORECASE,
)
_NOT_ITS_DATE = re.compile(
    r"modif|updat|comment|related|sidebar|footer|copyright|expire", re.IGNORECASE
)
#: A dateline is short; a longer text tells of other days.
_LONGEST_DATELINE = 80
#: A dateline is at most an icon, a day, a clock, a place and a name.
_DATELINE_PIECES = 20
#: Elements behind the headline that are looked through for a dateline.
_NEAR = 25
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_-]|$|\D)"
    r"|(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\d{6,9}\b|[/_-]|$)"
)


def _published(
    root: etree._Element,
    article: _Json,
    meta: dict[str, str],
    *,
    url: str,
    zone: ZoneInfo,
    now: datetime,
) -> Moment | None:
    for raw, origin in _claims(root, article, meta, url):
        moment = read_moment(raw, zone=zone, now=now, origin=origin)
        if moment:
            return moment
    return None


def _claims(
    root: etree._Element, article: _Json, meta: dict[str, str], url: str
) -> Iterator[tuple[str, str]]:
    for name in ("datePublished", "dateCreated"):
        yield _text_of(article, name), "json-ld"
    for name in _META_DATES:
        if name in meta:
            yield meta[name], "meta"
    for raw in _times(root):
        yield raw, "time"
    for raw in _datelines(root):
        yield raw, "dateline"
    if found := _URL_DATE.search(urlsplit(url).path):
        yield "-".join(part for part in found.groups() if part), "url"


def _times(root: etree._Element) -> Iterator[str]:
    """What ``time`` and marked-up elements say, those marked as publication first."""
    elements = [e for e in root.iter("time", "abbr", "span", "meta") if _is_time(e)]
    marked = [e for e in elements if _is_publication(e)]
    others = [e for e in elements if not _is_publication(e) and not _is_elsewhere(e)]
    for element in (*marked, *others[:1]):
        yield element.get("datetime") or element.get("content") or element.get("title") or ""
        yield _clean(text_of(element))[:_LONGEST_DATELINE]


def _is_time(element: etree._Element) -> bool:
    return element.tag == "time" or element.get("itemprop") == "datePublished"


def _is_publication(element: etree._Element) -> bool:
    names = f"{element.get('itemprop')} {element.get('class')}"
    return element.get("pubdate") is not None or bool(
        re.search(r"datePublished|(?<![a-z])published(?![a-z])|entry-date", names)
    )


def _is_elsewhere(element: etree._Element) -> bool:
    """Tell whether the element or one above it belongs to a teaser, a comment or an update."""
    for above in (element, *element.iterancestors()):
        if above.tag in {"aside", "footer", "nav", "li"}:
            return True
        names = f"{above.get('class', '')} {above.get('id', '')}"
        if above.tag != "body" and _NOT_ITS_DATE.search(names):
            return True
    return False


def _datelines(root: etree._Element) -> Iterator[str]:
    """Short texts near the headline, then those of elements named for a date."""
    heading = next(root.iter("h1"), None)
    if heading is not None:
        yield from _short_texts(_following(heading, _NEAR))
    body = root.find("body")
    named = body.iter("div", "span", "p", "td", "small", "li", "em") if body is not None else ()
    for element in named:
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if _DATE_NAME.search(names) and not _is_elsewhere(element):
            yield from _short_texts([element])


def _following(element: etree._Element, limit: int) -> Iterator[etree._Element]:
    for count, found in enumerate(element.xpath("following::*")):
        if count >= limit:
            return
        yield found


def _short_texts(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        if element.tag in {"script", "style", "a"}:
            continue
        text = _clean(" ".join(islice(element.itertext(), _DATELINE_PIECES)))
        if len(text) <= _LONGEST_DATELINE and any(c.isdigit() for c in text):
            yield text


# --- the rest --------------------------------------------------------------


def _site_name(root: etree._Element, article: _Json, meta: dict[str, str]) -> str | None:
    publisher = article.get("publisher")
    if isinstance(publisher, list) and publisher:
        publisher = publisher[0]
    declared = _text_of(publisher, "name") if isinstance(publisher, dict) else ""
    named = meta.get("og:site_name") or declared or meta.get("application-name")
    return named or _name_behind_heading(root)


def _name_behind_heading(root: etree._Element) -> str | None:
    """Return what the page's title says behind the headline."""
    title, heading = _clean(_first_text(root, "title")), _heading(root)
    if not heading or not title.startswith(heading):
        return None
    parted = _SEPARATOR.match(title, len(heading))
    return title[parted.end() :] if parted else None


#: A name is short; a longer text is a biography.
_LONGEST_BYLINE = 100
_BY = re.compile(r"^(?:by|von|par|por|автор|müəllif|yazar)\b\s*:?\s*", re.IGNORECASE)
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
        if isinstance(name, str) and _clean(name):
            yield _clean(name)


def _visible_bylines(root: etree._Element) -> Iterator[str]:
    for element in root.iter("a", "span", "div", "p", "address", "li"):
        names = f"{element.get('class', '')} {element.get('rel', '')} {element.get('itemprop', '')}"
        if _BYLINE_NAME.search(names.lower()):
            yield next((_clean(line) for line in element.itertext() if line.strip()), "")


_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])", re.IGNORECASE)


def _declared_language(root: etree._Element, article: _Json, meta: dict[str, str]) -> str | None:
    declared = (
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        root.get("xml:lang"),
        _text_of(article, "inLanguage"),
        meta.get("og:locale"),
        meta.get("content-language"),
    )
    for value in declared:
        if value and (found := _LANGUAGE.match(value.strip())):
            return found[0].lower()
    return None


def _canonical_url(root: etree._Element, meta: dict[str, str], url: str) -> str | None:
    links = [
        link.get("href")
        for link in root.iter("link")
        if (link.get("rel") or "").lower() == "canonical"
    ]
    for address in (*links, meta.get("og:url")):
        if not address:
            continue
        try:
            absolute = urljoin(url, address.strip())
            parts = urlsplit(absolute)
        except ValueError:  # "http://[": no address
            continue
        if parts.scheme in {"http", "https"} and parts.netloc:
            return absolute
    return None
