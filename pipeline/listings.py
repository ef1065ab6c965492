"""Section pages and sitemaps become FeedEntries.

A section page is not written for machines: of its 100 to 600 links perhaps 30 lead to
articles. We tell them by what all sites share. Links that the same template made have the
same *shape*: ``/news/9/a-slug`` where 9 stands for digits. A shape belongs to articles if its
addresses can tell one article from another (digits, a slug) and its links carry headlines.
So menus, tags, authors, pages of the archive and days of a calendar fall out together,
without a word list in any language. Judging link by link was tried: short headlines were
lost, and long names of sections came in.

Where that fails, sources.yaml says by CSS selectors where the articles stand. These are
obeyed to the letter: a card that has no usable link is counted, and a selector that matches
nothing means that the page was rebuilt, which is not the same as no news.

A sitemap is a flat list, so no XML parser reads it, and no entity in it means anything.
"""

import html
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from statistics import median
from urllib.parse import unquote, urlsplit

import soupsieve
from bs4 import BeautifulSoup, Tag
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipeline.charsets import decode, one_line
from pipeline.dates import read_moment
from pipeline.model import (
    Feed,
    FeedEntry,
    FeedReading,
    Page,
    ParseContext,
    Reason,
    Rejection,
    Selectors,
)
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
#: What classes of dates are called.
_DATE_WORDS = ("date", "time", "tarix", "tarih")
_DATE_CLASS = re.compile("|".join(_DATE_WORDS), re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|mp[34]|zip)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a document lies and what it does not say of itself."""

    url: str
    base: str  # what its links are resolved against
    language: str | None
    context: ParseContext


def _own_address(link: str, place: _Place) -> str | Rejection:
    """Return where ``link`` leads, which must be on the site of the document itself.

    For sitemaps sitemaps.org wants it so; the cards of a section page are the outlet's own.
    """
    try:
        url = join_url(place.base, link)
    except ValueError as error:
        return Rejection(url=link or place.url, reason=Reason.BAD_ADDRESS, detail=str(error))
    if not same_site(url, place.url):
        return Rejection(url=url, reason=Reason.BAD_ADDRESS, detail="on another site")
    return url


# --- section pages ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    """The links of a page that lead to one address."""

    url: str
    title: str
    elements: list[HtmlElement] = field(default_factory=list)


def parse_listing(page: Page, feed: Feed, context: ParseContext) -> FeedReading | Rejection:
    """Read the links to articles of a section page, in the order of the page.

    Links that lead elsewhere are not items and are not counted; with selectors each card
    is an item. A page without a link to an article gives an empty reading. Arguments and
    answer are those of `pipeline.feeds.parse_feed`; a Rejection says that the page is empty
    or no HTML, or which selector matches nothing.
    """
    text = _html_text(page, (feed.language,) if feed.language else context.languages)
    if isinstance(text, Rejection):
        return text
    if feed.selectors:
        return _read_cards(text, page, feed, feed.selectors, context)
    # As bytes, for lxml refuses a text that declares an encoding.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:  # nothing but a doctype or an open tag
        return Rejection(url=page.url, reason=Reason.EMPTY, detail=str(error))
    return _read_links(tree, page, feed, context)


def _html_text(page: Page, languages: tuple[str, ...]) -> str | Rejection:
    content_type = page.headers.get("content-type", "")
    text = decode(page.body, content_type=content_type, languages=languages).text
    text = text.replace("\0", "")
    if not text.strip():
        return Rejection(url=page.url, reason=Reason.EMPTY, detail="an empty body")
    if not re.search(r"<(?:html|body|a|div)[\s>]", text, re.IGNORECASE):
        begin = one_line(text[:120])
        return Rejection(url=page.url, reason=Reason.NOT_HTML, detail=f"begins with “{begin}”")
    return text


def _read_links(tree: HtmlElement, page: Page, feed: Feed, context: ParseContext) -> FeedReading:
    links = _article_links(_links(tree, _base(tree, page.final_url), page.final_url))
    owners = {element: key for key, link in links.items() for element in link.elements}
    kept = list(links.values())
    entries = [
        FeedEntry(
            url=link.url,
            title=link.title,
            published_at=_moment_near(link, owners, context),
            language=feed.language,
        )
        for link in kept[: context.most]
    ]
    beyond = [Rejection(url=link.url, reason=Reason.TOO_MANY) for link in kept[context.most :]]
    title = one_line(tree.findtext(".//title") or "")[:_TITLE_LENGTH]
    return FeedReading(entries=tuple(entries), rejections=tuple(beyond), title=title)


def _base(tree: HtmlElement, url: str) -> str:
    return _first_address([element.get("href", "") for element in tree.iter("base")], url)


def _first_address(links: Iterable[str], url: str) -> str:
    """Return the first of the ``links`` of base elements that can be used, or else ``url``."""
    for link in links:
        try:
            return join_url(url, link)
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
        url, key = ("", "") if element in furniture else _article_address(element, base, site)
        if not url:
            continue
        title = _title_of(element)
        link = links.setdefault(key, _Link(url, ""))
        link.elements.append(element)
        if len(title) > len(link.title):
            links[key] = replace(link, title=title)
    return links


def _article_address(element: HtmlElement, base: str, site: str) -> tuple[str, str]:
    """Return the address of a link and its key; two empty texts if no article can be there."""
    try:
        url = join_url(base, element.get("href", ""))
        key = normalize_url(url)
    except ValueError:
        return "", ""
    unwanted = _FILE.search(url) or is_homepage(url) or not same_site(url, site)
    return ("", "") if unwanted else (url, key)


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
    link: _Link, owners: dict[HtmlElement, str], context: ParseContext
) -> datetime | None:
    """Return the moment that the card around a link shows."""
    told = (raw for element in link.elements for raw in _dates_in(_around(element, owners)))
    return _first_moment(told, context)


def _first_moment(told: Iterable[str], context: ParseContext) -> datetime | None:
    for raw in told:
        moment = read_moment(raw, zone=context.zone, now=context.now, origin="listing")
        if moment:
            return moment.at
    return None


def _around(element: HtmlElement, owners: dict[HtmlElement, str]) -> HtmlElement:
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


# --- section pages with selectors -------------------------------------------

#: Characters that are read: building the model takes a second for each million.
_CARDS_LENGTH = 5_000_000
#: Elements around one another. Pages have some dozens; a selector looks at all of them.
_DEEPEST = 256
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_DATES = ", ".join(["time", *(f'[class*="{word}" i]' for word in _DATE_WORDS)])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    """What the selectors found of one article; None: nothing."""

    item: Tag
    link: Tag | None
    title: Tag | None
    date: Tag | None


def _read_cards(
    text: str, page: Page, feed: Feed, selectors: Selectors, context: ParseContext
) -> FeedReading | Rejection:
    # BeautifulSoup warns of the XML that such a mark announces.
    soup = BeautifulSoup(text[:_CARDS_LENGTH].replace("<?xml", "<?"), "lxml")
    if _is_too_deep(soup):
        return Rejection(url=page.url, reason=Reason.TOO_DEEP)
    cards = [
        _card(item, selectors) for item in _innermost(soup.select(selectors.item, limit=_LINKS))
    ]
    if idle := _idle_selector(cards, selectors):
        detail = f"no element matches the selector {idle}: was the page rebuilt?"
        return Rejection(url=page.url, reason=Reason.NOT_A_FEED, detail=detail)
    base = _first_address(
        (_attribute(tag, "href") for tag in soup.find_all("base")), page.final_url
    )
    place = _Place(url=page.final_url, base=base, language=feed.language, context=context)
    results = [_card_entry(card, selectors, place) for card in cards]
    entries = [result for result in results if isinstance(result, FeedEntry)]
    refused = [result for result in results if isinstance(result, Rejection)]
    beyond = [Rejection(url=e.url, reason=Reason.TOO_MANY) for e in entries[context.most :]]
    title = one_line(soup.title.get_text())[:_TITLE_LENGTH] if soup.title else ""
    return FeedReading(
        entries=tuple(entries[: context.most]), rejections=(*refused, *beyond), title=title
    )


def _is_too_deep(soup: BeautifulSoup) -> bool:
    depths = {id(soup): 0}
    for tag in soup.find_all(name=True):
        depths[id(tag)] = depth = depths[id(tag.parent)] + 1
        if depth > _DEEPEST:
            return True
    return False


def _innermost(items: list[Tag]) -> list[Tag]:
    """Leave out the elements that hold others: ``[class*=news]`` matches the list as well."""
    frames: set[int] = set()
    for item in items:
        for around in item.parents:
            if id(around) in frames:
                break
            frames.add(id(around))
    return [item for item in items if id(item) not in frames]


def _card(item: Tag, selectors: Selectors) -> _Card:
    return _Card(
        item=item,
        link=_found(item, selectors.link or "a[href]"),
        title=_found(item, selectors.title),
        date=_found(item, selectors.date),
    )


def _found(item: Tag, selector: str | None) -> Tag | None:
    """Return the first element of a card that ``selector`` matches, the card itself included."""
    if selector is None:
        return None
    return item if soupsieve.match(selector, item) else item.select_one(selector)


def _idle_selector(cards: list[_Card], selectors: Selectors) -> str:
    """Return the first selector that matches nothing in any card, with its name."""
    for name in ("item", "link", "title", "date"):
        selector = getattr(selectors, name)
        if selector and all(getattr(card, name) is None for card in cards):
            return f"{name}: {selector}"
    return ""


def _card_entry(card: _Card, selectors: Selectors, place: _Place) -> FeedEntry | Rejection:
    url = _card_address(card, place)
    if isinstance(url, Rejection):
        return url
    return FeedEntry(
        url=url,
        title=_card_title(card),
        published_at=_card_moment(card, selectors.date_pattern, place.context),
        language=place.language,
    )


def _card_address(card: _Card, place: _Place) -> str | Rejection:
    link = _attribute(card.link, "href") if card.link else ""
    if card.link and not link:  # a heading, say, with the link in it
        link = _attribute(card.link.select_one("a[href]"), "href")
    if not link:
        return Rejection(url=place.url, reason=Reason.BAD_ADDRESS, detail="a card without a link")
    url = _own_address(link, place)
    if isinstance(url, str) and is_homepage(url):
        return Rejection(url=url, reason=Reason.LISTING_PAGE, detail="a front page")
    return url


def _attribute(element: Tag | None, name: str) -> str:
    value = element.get(name) if element else None
    return value if isinstance(value, str) else ""


def _card_title(card: _Card) -> str:
    """Return what the title's element says, or else the link, or a heading of the card."""
    link = card.link and (card.link.select_one(_HEADINGS) or card.link)
    elements = (card.title, link, card.item.select_one(_HEADINGS))
    titles = (_headline(element) for element in elements if element)
    return next((title for title in titles if title), "")


def _headline(element: Tag) -> str:
    """Return the text of an element, or else what it or its picture is called."""
    pictures = (_attribute(picture, "alt") for picture in element.find_all("img"))
    texts = (element.get_text(" "), _attribute(element, "title"), *pictures)
    return next((line for text in texts if (line := one_line(text))), "")[:_TITLE_LENGTH]


def _card_moment(card: _Card, pattern: str | None, context: ParseContext) -> datetime | None:
    elements = [card.date] if card.date else card.item.select(_DATES)
    told = [
        raw
        for element in elements
        for text in (_attribute(element, "datetime"), element.get_text(" "))
        if (raw := one_line(text)) and (card.date or len(raw) <= _DATE_LENGTH)
    ]
    by_pattern = _read_by_pattern(told, pattern, context.now.year) if pattern else ()
    return _first_moment([*by_pattern, *told], context)


#: A leap day may be eight years back: 1896 to 1904, 2096 to 2104.
_LEAP_YEARS_APART = 8


def _read_by_pattern(told: list[str], pattern: str, this_year: int) -> Iterator[str]:
    """Write what ``pattern`` reads as ISO 8601; without a year, in each that may be meant.

    >>> list(_read_by_pattern(["31/12 18:05", "now"], "%d/%m %H:%M", 2026))[:2]
    ['2027-12-31T18:05:00', '2026-12-31T18:05:00']
    """
    years = [""]
    if "%y" not in pattern.lower():
        years = [f"{this_year - back} " for back in range(-1, _LEAP_YEARS_APART + 1)]
        pattern = f"%Y {pattern}"
    for raw in told:
        for year in years:
            try:
                yield datetime.strptime(year + raw, pattern).isoformat()  # noqa: DTZ007 - read_moment sets the zone
            except ValueError:
                continue


# --- sitemaps --------------------------------------------------------------


def parse_sitemap(page: Page, feed: Feed, context: ParseContext) -> FeedReading | Rejection:
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
    text = decode(body, content_type=content_type, languages=context.languages).text
    text = text.strip("\ufeff\0 \r\n")
    if not text:
        return Rejection(url=page.url, reason=Reason.EMPTY, detail="an empty body")
    root = _SITEMAP.search(text)
    if root is None and not text.startswith(("http://", "https://")):
        detail = f"begins with “{one_line(text[:120])}”, no sitemap"
        return Rejection(url=page.url, reason=Reason.NOT_A_FEED, detail=detail)
    items, cut = _sitemap_items(text, root)
    url = page.final_url
    place = _Place(url=url, base=url, language=feed.language, context=context)
    if root and root[2].lower() == "sitemapindex":
        reading = _index_reading(items, place)
    else:
        reading = _sitemap_reading(items, place)
    if cut:
        unfinished = Rejection(url=cut.get("loc", page.final_url), reason=Reason.TRUNCATED)
        reading = replace(reading, rejections=(*reading.rejections, unfinished))
    return replace(reading, truncated=truncated or cut is not None)


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


def _sitemap_reading(items: list[dict[str, str]], place: _Place) -> FeedReading:
    most = place.context.most
    if len(items) > most:
        items = sorted(items, key=_told_moment, reverse=True)
    results = [_sitemap_entry(item, place) for item in items[:most]]
    beyond = [
        Rejection(url=item.get("loc", place.url), reason=Reason.TOO_MANY) for item in items[most:]
    ]
    return FeedReading(
        entries=tuple(result for result in results if isinstance(result, FeedEntry)),
        rejections=(*(r for r in results if isinstance(r, Rejection)), *beyond),
    )


def _told_moment(item: dict[str, str]) -> str:
    """Return the moment as written; in W3C's form, text sorts as time but for the zone."""
    return item.get("publication_date") or item.get("lastmod", "")


def _sitemap_entry(item: dict[str, str], place: _Place) -> FeedEntry | Rejection:
    url = _own_address(item.get("loc", ""), place)
    if isinstance(url, Rejection):
        return url
    if is_homepage(url):
        return Rejection(url=url, reason=Reason.LISTING_PAGE, detail="a front page")
    raw = item.get("publication_date", "")
    context = place.context
    moment = read_moment(raw, zone=context.zone, now=context.now, origin="sitemap")
    language = item.get("language", "").lower().partition("-")[0]
    return FeedEntry(
        url=url,
        title=html.unescape(item.get("title", ""))[:_TITLE_LENGTH],
        published_at=moment.at if moment else None,
        language=place.language or (language if language in context.languages else None),
    )


def _index_reading(items: list[dict[str, str]], place: _Place) -> FeedReading:
    ranked = sorted(items, key=_index_rank, reverse=True)
    results = [_own_address(item.get("loc", ""), place) for item in ranked]
    more = dict.fromkeys(result for result in results if isinstance(result, str))
    return FeedReading(
        more=tuple(more)[: place.context.most],
        rejections=tuple(result for result in results if isinstance(result, Rejection)),
    )


def _index_rank(item: dict[str, str]) -> tuple[bool, str, tuple[int, ...]]:
    """Rank sitemaps of news first, then by moment, then by the numbers in their names."""
    name = urlsplit(item.get("loc", "")).path.lower()
    numbers = tuple(int(digits[:18]) for digits in re.findall(r"\d+", name))
    return "news" in name, item.get("lastmod", ""), numbers
