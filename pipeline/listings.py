"""Section pages and sitemaps become FeedEntries.

A section page is not written for machines: of its 100 to 600 links perhaps 30 lead to
articles. We tell them by what all sites share. Links that the same template made have the
same *shape*: ``/news/9/a-slug`` where 9 stands for digits. A shape belongs to articles if its
addresses can tell one article from another (digits, a slug) and its links carry headlines.
So menus, tags, authors, pages of the archive and days of a calendar fall out together,
without a word list in any language. Judging link by link was tried: short headlines were
lost, and long names of sections came in.

A sitemap is a flat list, so no XML parser reads it, and no entity in it means anything.
"""

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from statistics import median
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.charsets import decode, one_line
from pipeline.dates import read_moment
from pipeline.model import Feed, FeedEntry, FeedReading, Page, Reason, Rejection
from pipeline.urls import is_homepage, join_url, normalize_url, same_site

#: Characters of a link's text, at the median of its shape. Names of sections and tags
#: stay below 15, headlines above 25, in Latin, Cyrillic and Arabic script.
_HEADLINE_LENGTH = 20
#: A whole card may be one link; its headline is what stands first.
_TITLE_LENGTH = 300
#: Pages with more links than this are archives or traps; the newest stand first.
_LINKS = 5_000
#: Longest of a date with its weekday and clock, written out.
_DATE_LENGTH = 60
#: sitemaps.org allows 50 MB uncompressed.
_SITEMAP_BYTES = 50_000_000


#: Three words, or an id of three digits: names of sections have neither.
_SLUG = re.compile(r"[^-_ ][-_ ]+[^-_ ]+[-_ ]+[^-_ ]|\d{3}")
_DATE_CLASS = re.compile(r"date|time|tarix|tarih", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|mp[34]|zip)$", re.IGNORECASE)


# --- section pages ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    """The links of a page that lead to one address."""

    url: str
    title: str
    elements: list[HtmlElement] = field(default_factory=list)


def parse_listing(  # noqa: PLR0913 - what a poll knows, each by its name
    page: Page,
    feed: Feed,
    *,
    languages: tuple[str, ...] = (),
    zone: ZoneInfo,
    now: datetime,
    most: int,
) -> FeedReading | Rejection:
    """Read the links to articles of a section page, in the order of the page.

    Links that lead elsewhere are not items and are not counted. A page without a link to
    an article gives an empty reading. Arguments and answer are those of
    `pipeline.feeds.parse_feed`; a Rejection says that the page is empty or no HTML.
    """
    languages = (feed.language,) if feed.language else languages
    tree = _html_tree(page, languages)
    if isinstance(tree, Rejection):
        return tree
    links = _article_links(_links(tree, _base(tree, page.final_url), page.final_url))
    owners = {element: key for key, link in links.items() for element in link.elements}
    kept = list(links.values())
    entries = [
        FeedEntry(
            url=link.url,
            title=link.title,
            published_at=_moment_near(link, owners, zone, now),
            language=feed.language,
        )
        for link in kept[:most]
    ]
    beyond = [Rejection(url=link.url, reason=Reason.TOO_MANY) for link in kept[most:]]
    title = one_line(tree.findtext(".//title") or "")[:_TITLE_LENGTH]
    return FeedReading(entries=tuple(entries), rejections=tuple(beyond), title=title)


def _html_tree(page: Page, languages: tuple[str, ...]) -> HtmlElement | Rejection:
    content_type = page.headers.get("content-type", "")
    text = decode(page.body, content_type=content_type, languages=languages).text
    text = text.replace("\0", "")
    if not text.strip():
        return Rejection(url=page.url, reason=Reason.EMPTY, detail="an empty body")
    if not re.search(r"<(?:html|body|a|div)[\s>]", text, re.IGNORECASE):
        begin = one_line(text[:120])
        return Rejection(url=page.url, reason=Reason.NOT_HTML, detail=f"begins with “{begin}”")
    # As bytes, for lxml refuses a text that declares an encoding.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:  # nothing but a doctype or an open tag
        return Rejection(url=page.url, reason=Reason.EMPTY, detail=str(error))


def _base(tree: HtmlElement, url: str) -> str:
    for element in tree.iter("base"):
        try:
            return join_url(url, element.get("href", ""))
        except ValueError:
            continue
    return url


def _links(tree: HtmlElement, base: str, site: str) -> dict[str, _Link]:
    """Return the links within the site, by normalized address, in the order of the page."""
    furniture = {a for part in tree.iter("nav", "footer") for a in part.iter("a")}
    links: dict[str, _Link] = {}
    for number, element in enumerate(tree.iter("a")):
        if number >= _LINKS:
            break
        url = _article_address(element, base, site) if element not in furniture else ""
        if not url:
            continue
        key = normalize_url(url)
        title = _title_of(element)
        link = links.setdefault(key, _Link(url, ""))
        link.elements.append(element)
        if len(title) > len(link.title):
            links[key] = replace(link, title=title)
    return links


def _article_address(element: HtmlElement, base: str, site: str) -> str:
    try:
        url = join_url(base, element.get("href", ""))
    except ValueError:
        return ""
    return "" if _FILE.search(url) or is_homepage(url) or not same_site(url, site) else url


def _title_of(element: HtmlElement) -> str:
    """Return the headline that a link carries: its heading, its text, its picture's."""
    heading = next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), element)
    pictures = (picture.get("alt", "") for picture in element.iter("img"))
    texts = (" ".join(heading.itertext()), element.get("title", ""), *pictures)
    title = next((line for text in texts if (line := one_line(text))), "")
    return title[:_TITLE_LENGTH]


def _article_links(links: dict[str, _Link]) -> dict[str, _Link]:
    shapes: dict[str, list[str]] = {}
    for key in links:
        shapes.setdefault(_shape(key), []).append(key)
    kept = {
        key
        for shape, keys in shapes.items()
        if shape and median(len(links[key].title) for key in keys) >= _HEADLINE_LENGTH
        for key in keys
        if links[key].title
    }
    return {key: link for key, link in links.items() if key in kept}


def _shape(key: str) -> str:
    """Return what a template would make of an address; empty if nothing in it can change.

    >>> _shape("https://example.org/news/2025/12/31/the-day-was-marked-77.html")
    'example.org/news/9/9/9/-'
    >>> _shape("https://example.org/news.php?id=5"), _shape("https://example.org/sport")
    ('example.org/news.php?id', '')
    """
    parts = urlsplit(key)
    segments = [_segment_shape(segment) for segment in parts.path.split("/")[1:]]
    names = "&".join(parameter.partition("=")[0] for parameter in parts.query.split("&"))
    if segments[-1] not in {"9", "-"} and not re.search(r"=\d", parts.query):
        return ""
    return "/".join([parts.netloc, *segments]) + (f"?{names}" if names else "")


def _segment_shape(segment: str) -> str:
    """Return "9" for digits, "-" for a slug, else the segment itself."""
    stem = unquote(segment.rpartition(".")[0] or segment)
    if stem.isdigit():
        return "9"
    return "-" if _SLUG.search(stem) else segment


def _moment_near(
    link: _Link, owners: dict[HtmlElement, str], zone: ZoneInfo, now: datetime
) -> datetime | None:
    """Return the moment that the card around a link shows."""
    for element in link.elements:
        for raw in _dates_in(_card(element, owners)):
            moment = read_moment(raw, zone=zone, now=now, origin="listing")
            if moment:
                return moment.at
    return None


def _card(element: HtmlElement, owners: dict[HtmlElement, str]) -> HtmlElement:
    """Return the largest element near a link that holds no link to another article."""
    near = takewhile(
        lambda around: around.tag != "body" and not _holds_several(around, owners),
        element.iterancestors(),
    )
    return [element, *near][-1]


def _holds_several(element: HtmlElement, owners: dict[HtmlElement, str]) -> bool:
    first = None
    for link in element.iter("a"):
        key = owners.get(link)
        first = first or key
        if key is not None and key != first:
            return True
    return False


def _dates_in(card: HtmlElement) -> Iterator[str]:
    for element in card.iter("time"):
        yield element.get("datetime") or " ".join(element.itertext())
    for element in card.iterdescendants():
        if _DATE_CLASS.search(element.get("class", "")):
            text = one_line(" ".join(element.itertext()))
            if len(text) <= _DATE_LENGTH:
                yield text


# --- sitemaps --------------------------------------------------------------


def parse_sitemap(  # noqa: PLR0913 - what a poll knows, each by its name
    page: Page,
    feed: Feed,
    *,
    languages: tuple[str, ...] = (),
    zone: ZoneInfo,
    now: datetime,
    most: int,
) -> FeedReading | Rejection:
    """Read a sitemap: of articles, of news, of sitemaps, or a plain list of addresses.

    Beyond the cap, the newest by ``lastmod`` are read. That of a page is no moment of
    publication and does not become one. Nested sitemaps are in ``more``, those of news
    first, then the newest. Arguments and answer are those of `pipeline.feeds.parse_feed`.
    """
    unpacked = _unpacked(page)
    if isinstance(unpacked, Rejection):
        return unpacked
    body, truncated = unpacked
    content_type = page.headers.get("content-type", "")
    text = decode(body, content_type=content_type, languages=languages).text.strip("\ufeff\0 \r\n")
    if not text:
        return Rejection(url=page.url, reason=Reason.EMPTY, detail="an empty body")
    root = _SITEMAP.search(text)
    if root is None and not text.startswith(("http://", "https://")):
        detail = f"begins with “{one_line(text[:120])}”, no sitemap"
        return Rejection(url=page.url, reason=Reason.NOT_A_FEED, detail=detail)
    items, cut = _sitemap_items(text, root)
    context = _Context(url=page.final_url, language=feed.language, zone=zone, now=now)
    if root and root[2].lower() == "sitemapindex":
        reading = _index_reading(items, context, most)
    else:
        reading = _sitemap_reading(items, context, languages, most)
    if cut:
        unfinished = Rejection(url=cut.get("loc", page.final_url), reason=Reason.TRUNCATED)
        reading = replace(reading, rejections=(*reading.rejections, unfinished))
    return replace(reading, truncated=truncated or cut is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What a sitemap does not say of itself."""

    url: str
    language: str | None
    zone: ZoneInfo
    now: datetime


_SITEMAP = re.compile(r"<((?:[\w.-]+:)?(urlset|sitemapindex))(?=[\s>])[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<(?:[\w.-]+:)?(?:url|sitemap)(?:\s[^<>]*)?>", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]+:)?(?:url|sitemap)\s*>", re.IGNORECASE)
#: Pictures and films have a loc and a title of their own.
_FIELD = re.compile(
    r"<(?!image:|video:)(?:[\w.-]+:)?(loc|lastmod|title|publication_date|language)(?:\s[^<>]*)?>"
    r"\s*(?:<!\[CDATA\[([^\]<]*)\]\]>|([^<]*))\s*</",
    re.IGNORECASE,
)
_GZIP = b"\x1f\x8b"


def _unpacked(page: Page) -> tuple[bytes, bool] | Rejection:
    """Return the body without gzip, and whether it breaks off or goes beyond the cap."""
    if not page.body.startswith(_GZIP):
        return page.body, False
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)  # 16: with the header of gzip
    try:
        body = unpacker.decompress(page.body, _SITEMAP_BYTES)
    except zlib.error as error:
        return Rejection(url=page.url, reason=Reason.UNREADABLE, detail=f"gzip: {error}")
    return body, not unpacker.eof


def _sitemap_items(
    text: str, root: re.Match[str] | None
) -> tuple[list[dict[str, str]], dict[str, str] | None]:
    """Return the fields of each item, and those of one in which the text breaks off."""
    if root is None:
        return [{"loc": line} for line in text.split()], None
    parts = _ITEM.split(text[root.end() :])[1:]
    cut = None
    if f"</{root[1]}" not in text:
        whole = not parts or _ITEM_END.search(parts[-1])
        cut = {} if whole else _sitemap_fields(parts.pop())
    return [_sitemap_fields(_ITEM_END.split(part, 1)[0]) for part in parts], cut


def _sitemap_fields(part: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, quoted, plain in _FIELD.findall(part):
        fields.setdefault(name.lower(), one_line(quoted or html.unescape(plain)))
    return fields


def _sitemap_reading(
    items: list[dict[str, str]], context: _Context, languages: tuple[str, ...], most: int
) -> FeedReading:
    if len(items) > most:
        items = sorted(items, key=_told_moment, reverse=True)
    results = [_sitemap_entry(item, context, languages) for item in items[:most]]
    beyond = [
        Rejection(url=item.get("loc", context.url), reason=Reason.TOO_MANY) for item in items[most:]
    ]
    return FeedReading(
        entries=tuple(result for result in results if isinstance(result, FeedEntry)),
        rejections=(*(r for r in results if isinstance(r, Rejection)), *beyond),
    )


def _told_moment(item: dict[str, str]) -> str:
    """Return the moment as written; in W3C's form, text sorts as time but for the zone."""
    return item.get("publication_date") or item.get("lastmod", "")


def _sitemap_entry(
    item: dict[str, str], context: _Context, languages: tuple[str, ...]
) -> FeedEntry | Rejection:
    url = _own_address(item, context.url)
    if isinstance(url, Rejection):
        return url
    if is_homepage(url):
        return Rejection(url=url, reason=Reason.LISTING_PAGE, detail="a front page")
    raw = item.get("publication_date", "")
    moment = read_moment(raw, zone=context.zone, now=context.now, origin="sitemap")
    language = item.get("language", "").lower().partition("-")[0]
    return FeedEntry(
        url=url,
        title=html.unescape(item.get("title", ""))[:_TITLE_LENGTH],
        published_at=moment.at if moment else None,
        language=context.language or (language if language in languages else None),
    )


def _own_address(item: dict[str, str], site: str) -> str | Rejection:
    """Return where an item leads; a sitemap speaks for its own site only (sitemaps.org)."""
    loc = item.get("loc", "")
    try:
        url = join_url(site, loc)
    except ValueError as error:
        return Rejection(url=loc or site, reason=Reason.BAD_ADDRESS, detail=str(error))
    if not same_site(url, site):
        return Rejection(url=url, reason=Reason.BAD_ADDRESS, detail="on another site")
    return url


def _index_reading(items: list[dict[str, str]], context: _Context, most: int) -> FeedReading:
    ranked = sorted(items, key=_index_rank, reverse=True)
    results = [_own_address(item, context.url) for item in ranked]
    more = dict.fromkeys(result for result in results if isinstance(result, str))
    return FeedReading(
        more=tuple(more)[:most],
        rejections=tuple(result for result in results if isinstance(result, Rejection)),
    )


def _index_rank(item: dict[str, str]) -> tuple[bool, str, tuple[int, ...]]:
    """Rank sitemaps of news first, then by moment, then by the numbers in their names."""
    name = urlsplit(item.get("loc", "")).path.lower()
    numbers = tuple(int(digits[:18]) for digits in re.findall(r"\d+", name))
    return "news" in name, item.get("lastmod", ""), numbers
