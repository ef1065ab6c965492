"""The moment that a page shows: marked up, near the headline, in its address.

The newest date of a page is never its own: it is that of a teaser or of a comment. So we
look at what is marked as the publication, then close behind the headline, then at
elements named for a date outside of furniture, and last at the address.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, dropwhile, islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.declared import Declared, text_in
from pipeline.articles.names import names_of
from pipeline.articles.tree import clean, pieces_of
from pipeline.dates import read_moment
from pipeline.model import Disagreement, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """When the page says that it was published and changed."""

    published: Moment | None = None
    modified: Moment | None = None
    disagreements: tuple[Disagreement, ...] = ()


def find_moments(
    root: etree._Element, declared: Declared, *, url: str, zone: ZoneInfo, now: datetime
) -> Moments:
    """Return the moments that the page tells, the likeliest that can be; changes nothing."""
    claims = chain(_declared_dates(declared), _shown_dates(root, url))
    return Moments(published=_first_moment(claims, zone, now))


# --- what is declared ------------------------------------------------------

_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "article.published", "published-date", "published_date",
    "publish-date", "publish_date", "publication_date", "pubdate", "dc.date.issued",
    "dcterms.created", "dc.date", "dc.date.created", "dcterms.date", "date.release", "date",
    "cxenseparse:recs:publishtime", "article:published", "originalpublicationdate", "displaydate",
    "citation_publication_date", "citation_date", "timestamp", "datecreated",
)  # fmt: skip


def _declared_dates(declared: Declared) -> Iterator[tuple[str, str]]:
    """What the publisher writes for machines, with its origin, the best first."""
    for name in ("datePublished", "dateCreated"):
        yield text_in(declared.article, name), "json-ld"
    for name in _META_DATES:
        if name in declared.meta:
            yield declared.meta[name], "meta"


def _first_moment(
    claims: Iterable[tuple[str, str]], zone: ZoneInfo, now: datetime
) -> Moment | None:
    for raw, origin in claims:
        if moment := read_moment(raw, zone=zone, now=now, origin=origin):
            return moment
    return None


# --- what is shown ---------------------------------------------------------


def _shown_dates(root: etree._Element, url: str) -> Iterator[tuple[str, str]]:
    """Return the strings that may tell when the page was published, with their origin.

    The likeliest come first; later ones are looked for only when asked for.
    """
    for raw in _times(root):
        yield raw, "time"
    for raw in _datelines(root):
        yield raw, "dateline"
    if found := _URL_DATE.search(urlsplit(url).path):
        yield "-".join(part for part in found.groups() if part), "url"


_NAMING = frozenset(["class", "id"])
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
#: The element and the one around it: above them, names stand for the whole page.
_CLOSE_BY = 2
_URL_DATE = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_-]|$|\D)"
    r"|(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\d{6,9}\b|[/_-]|$)"
)


def _times(root: etree._Element) -> Iterator[str]:
    """What ``time`` and marked-up elements say, those marked as publication first."""
    elements = [e for e in root.iter("time", "abbr", "span", "meta") if _is_time(e)]
    marked = [e for e in elements if _is_publication(e)]
    others = [e for e in elements if not _is_publication(e) and not _is_elsewhere(e)]
    for element in (*marked, *others[:1]):
        yield element.get("datetime") or element.get("content") or element.get("title") or ""
        yield clean("".join(pieces_of(element)))[:_LONGEST_DATELINE]


def _is_time(element: etree._Element) -> bool:
    return element.tag == "time" or element.get("itemprop") == "datePublished"


def _is_publication(element: etree._Element) -> bool:
    names = f"{element.get('itemprop')} {element.get('class')}"
    return element.get("pubdate") is not None or bool(
        re.search(r"datePublished|(?<![a-z])published(?![a-z])|entry-date", names)
    )


def _is_elsewhere(element: etree._Element, levels: int | None = None) -> bool:
    """Tell whether the element or one above it belongs to a teaser, a comment or an update."""
    for above in islice(chain((element,), element.iterancestors()), levels):
        if above.tag in {"aside", "footer", "nav", "li"}:
            return True
        names = f"{above.get('class', '')} {above.get('id', '')}"
        if above.tag != "body" and _NOT_ITS_DATE.search(names):
            return True
    return False


def _datelines(root: etree._Element) -> Iterator[str]:
    """Short texts near the headline, then those of elements named for a date."""
    from_heading = dropwhile(lambda element: element.tag != "h1", root.iter())
    for element in islice(from_heading, 1, _NEAR):
        if not _is_elsewhere(element, _CLOSE_BY):
            yield from _short_texts([element])
    body = root.find("body")
    named = body.iter("div", "span", "p", "td", "small", "li", "em") if body is not None else ()
    for element in named:
        names = names_of(element, _NAMING)
        if names and _DATE_NAME.search(names) and not _is_elsewhere(element):
            yield from _short_texts([element])


def _short_texts(elements: Iterable[etree._Element]) -> Iterator[str]:
    for element in elements:
        if element.tag in {"script", "style", "a"}:
            continue
        text = clean(" ".join(islice(pieces_of(element), _DATELINE_PIECES)))
        if len(text) <= _LONGEST_DATELINE and any(c.isdigit() for c in text):
            yield text
