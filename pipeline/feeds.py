"""Feed bytes become FeedEntries: RSS, Atom, RDF and JSON Feed.

Feeds are written by templates and broken in every way. feedparser reads them and forgives
nearly all of it, but decodes by declaration, expands entities for seconds, takes a cut item
for a whole one, misreads dates without a word (31-12-2025 becomes 2031), and one lone
surrogate makes it raise and costs the feed. So it gets what cannot hurt it:

1. We decode (`pipeline.charsets`) and drop all before the root element: the prolog, whose
   encoding is no longer true, a PHP warning, a DOCTYPE with the entities it declares.
2. We cut the text at its items. One that breaks off is dropped unless its link is whole,
   those beyond the cap are counted.
3. What is well-formed is read as a whole. Else we mend what makes XML ill-formed in
   practice: bare ampersands, entities of HTML, control characters, halves of surrogate
   pairs, undeclared prefixes. If that is not enough, items are read one by one, so that
   one costs only itself.

Moments are read by `pipeline.dates` from what the feed says, never from what feedparser
makes of it. JSON Feed, which it does not read, is read here.
"""

import html
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html.entities import html5
from typing import Any
from xml.sax.saxutils import escape

import feedparser

from pipeline.charsets import decode, one_line
from pipeline.dates import read_moment
from pipeline.model import Feed, FeedEntry, FeedReading, Page, ParseContext, Reason, Rejection
from pipeline.urls import is_homepage, join_url, publisher_url

#: Titles in use stay below 300 characters; what is longer is text in the wrong element.
_TITLE_LENGTH = 500
#: Room for the longest articles that feeds carry whole: the summary stands in for a page
#: that cannot be read.
_SUMMARY_LENGTH = 20_000
#: Markup is about twice its text; so much of it is looked at for a summary.
_MARKUP_LENGTH = 3 * _SUMMARY_LENGTH
#: Guids are addresses or numbers; what is longer identifies nothing that an index could hold.
_GUID_LENGTH = 500
#: What of a foreign text is shown in the detail of a rejection.
_DETAIL_LENGTH = 120
#: Articles in feeds have some hundred elements; an ill-formed item with more is an attack
#: on the parser.
_ITEM_ELEMENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One item, its fields as they stand in the feed, several in the order of trust."""

    links: tuple[str, ...]
    guid: str
    title: str
    summaries: tuple[str, ...]
    moments: tuple[str, ...]
    language: str = ""
    publisher: str = ""  # of an item that an aggregator offers
    publisher_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """A feed taken apart."""

    items: tuple[_Item, ...]
    dropped: tuple[tuple[Reason, str], ...]  # with the item's link, as far as it can be seen
    title: str = ""
    language: str = ""
    truncated: bool = False
    time_to_live: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a document lies and what it does not say of itself."""

    url: str
    language: str | None  # set: that of every entry
    context: ParseContext


def parse_feed(page: Page, feed: Feed, context: ParseContext) -> FeedReading | Rejection:
    """Read what a feed offers, in the order of the document.

    Each item is an entry or a rejection. Two items may lead to one address: to join them is
    the collector's part, who knows the other feeds too. A guid that occurs twice in the
    document identifies nothing and is left out.

    Args:
        page: The reply to the poll; links are resolved against its ``final_url``.
        feed: What was polled; its language, if set, is that of every entry.
        context: What the poll knows; its languages tell the charset.

    Returns:
        The reading, or a Rejection where the body is empty or no feed at all.
    """
    if feed.language:
        context = replace(context, languages=(feed.language,))
    content_type = page.headers.get("content-type", "")
    text = decode(page.body, content_type=content_type, languages=context.languages).text
    text = text.strip("\ufeff\0 \t\r\n")
    if not text:
        return Rejection(url=page.url, reason=Reason.EMPTY, detail="an empty body")
    read = _read_json if text.startswith("{") else _read_xml
    document = read(text, context.most)
    if document is None:
        return Rejection(url=page.url, reason=Reason.NOT_A_FEED, detail=_describe(text, page))
    return _reading(document, _Place(url=page.final_url, language=feed.language, context=context))


# --- items to entries ------------------------------------------------------


def _reading(document: _Document, place: _Place) -> FeedReading:
    guids = Counter(item.guid for item in document.items)
    results = [
        _entry(item, item.guid if guids[item.guid] == 1 else "", document.language, place)
        for item in document.items
    ]
    dropped = [_dropped(reason, link, place.url) for reason, link in document.dropped]
    return FeedReading(
        entries=tuple(result for result in results if isinstance(result, FeedEntry)),
        rejections=tuple([r for r in results if isinstance(r, Rejection)] + dropped),
        title=_title(document.title),
        truncated=document.truncated,
        time_to_live=document.time_to_live,
    )


def _dropped(reason: Reason, link: str, base: str) -> Rejection:
    address = _address((html.unescape(link),), base) if link else base
    return Rejection(url=address if isinstance(address, str) else address.url, reason=reason)


def _entry(item: _Item, guid: str, language: str, place: _Place) -> FeedEntry | Rejection:
    url = _address(item.links, place.url)
    if isinstance(url, Rejection):
        return url
    if is_homepage(url):
        return Rejection(url=url, reason=Reason.LISTING_PAGE, detail="a front page")
    publisher = _title(item.publisher)
    return FeedEntry(
        url=url,
        title=_own_title(_title(item.title), publisher),
        summary=max((_summary(markup) for markup in item.summaries), key=len, default=""),
        published_at=_moment(item, place.context),
        guid=one_line(guid) if 0 < len(guid) <= _GUID_LENGTH else None,
        language=place.language
        or _known_language(item.language or language, place.context.languages),
        publisher=_ON_MSN.sub("", publisher),
        publisher_url=_front_page(item.publisher_url, place.url),
    )


def _moment(item: _Item, context: ParseContext) -> datetime | None:
    for raw in item.moments:
        moment = read_moment(raw, zone=context.zone, now=context.now, origin="feed")
        if moment:
            return moment.at
    return None


def _address(links: tuple[str, ...], base: str) -> str | Rejection:
    """Return the first of ``links`` that leads anywhere, and past an aggregator if it can."""
    detail = "an item without a link"
    for link in links:
        try:
            return publisher_url(join_url(base, link))
        except ValueError as error:
            detail = str(error)
    wrong = one_line(links[0])[:_DETAIL_LENGTH] if links else base
    return Rejection(url=wrong, reason=Reason.BAD_ADDRESS, detail=detail)


def _known_language(said: str, languages: tuple[str, ...]) -> str | None:
    """Believe a declared language only if the source writes it: templates say "en-us"."""
    code = said.strip().lower().replace("_", "-").partition("-")[0]
    return code if code in languages else None


#: Bing names an outlet so whose article it shows on a page of its own portal.
_ON_MSN = re.compile(r" on MSN(?:\.com)?$")


def _front_page(link: str, base: str) -> str | None:
    """Return the front page of the outlet that ``link`` names: that page itself, or its feed."""
    if "//" not in link:  # a relative one would name the aggregator
        return None
    try:
        address = join_url(base, link)
        return address if is_homepage(address) else join_url(address, "/")
    except ValueError:
        return None


# --- markup to text --------------------------------------------------------

_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:br|p|div|li|ul|ol|h[1-6]|tr|td|table|blockquote|figure|figcaption)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")


def _title(markup: str) -> str:
    text = one_line(_without_markup(markup[: 2 * _TITLE_LENGTH]))
    return text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1] + "…"


def _own_title(title: str, publisher: str) -> str:
    """Take off the publisher's name that aggregators append to a title."""
    return title.removesuffix(f" - {publisher}") if publisher else title


def _summary(markup: str) -> str:
    """Return the text of ``markup``, its paragraphs parted by one blank line."""
    flowing = " ".join(markup[:_MARKUP_LENGTH].split())
    lines = (one_line(line) for line in _without_markup(flowing).split("\n"))
    return "\n\n".join(line for line in lines if line)[:_SUMMARY_LENGTH]


def _without_markup(text: str) -> str:
    """Drop tags and read entities, at most twice: some templates escape what is escaped.

    >>> _without_markup("AT&amp;amp;T &lt;b&gt;grows&lt;/b&gt; <script>alert(1)</script>")
    'AT&T grows '
    """
    text = _without_tags(text)
    for _ in range(2):
        if "&" in text:
            text = _without_tags(html.unescape(text))
    return text


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return _TAG.sub("", _BLOCK.sub("\n", _SCRIPT.sub("", text)))


# --- XML -------------------------------------------------------------------

# No pattern here scans past the next "<" or ">" in vain, or runs to the end more than
# once: a hostile document must not cost the square of its length.
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|rdf|channel))(?=[\s/>])[^<>]*>", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TOKEN = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|"
    r"<(/?)((?:[\w.-]+:)?(?:item|entry))(?=[\s/>])[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_LINK = re.compile(
    r"<link>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)|<link\s[^<>]*?href\s*=\s*[\"']([^\"'<>]+)",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):|\s([A-Za-z_][\w.-]*):[\w.-]{1,50}\s{0,9}=\s{0,9}[\"']")
#: Of the prefixes that matter to us; others only need to be declared somehow.
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """An XML feed cut at its items."""

    root: str  # the opening tag
    name: str  # of the root
    head: str  # from there to the first item
    items: tuple[str, ...]
    tail: str  # from the last item to the end of the root
    unfinished: str = ""  # the item in which the document breaks off
    truncated: bool = False


def _read_xml(text: str, most: int) -> _Document | None:
    """Take an RSS, Atom or RDF document apart; None if it is none."""
    root = _ROOT.search(text)
    if root is None or _HTML.search(text, 0, root.start()):
        return None
    cut = _cut(text, root)
    beyond = [(Reason.TOO_MANY, _link_in(item)) for item in cut.items[most:]]
    if cut.unfinished:
        beyond.append((Reason.TRUNCATED, _link_in(cut.unfinished)))
    cut = replace(cut, items=cut.items[:most])
    about, items = _read_items(cut)
    unreadable = [
        (Reason.UNREADABLE, _link_in(text))
        for text, item in zip(cut.items, items, strict=True)
        if item is None
    ]
    return _Document(
        items=tuple(item for item in items if item is not None),
        dropped=tuple(unreadable + beyond),
        title=about["title"],
        language=about["language"],
        truncated=cut.truncated,
        time_to_live=_time_to_live(about),
    )


#: RSS counts in minutes (`ttl`), the syndication module of RSS 1.0 in parts of a period.
_PERIODS = {
    "hourly": 60,
    "daily": 24 * 60,
    "weekly": 7 * 24 * 60,
    "monthly": 30 * 24 * 60,
    "yearly": 365 * 24 * 60,
}
#: A feed that asks for more has a typing error or nobody who looks after it.
_LONGEST_TO_LIVE = 7 * 24 * 60
_COUNT = re.compile(r"[0-9]{1,9}")


def _time_to_live(about: dict[str, str]) -> timedelta | None:
    """Return how long the feed asks not to be asked again, as far as it makes sense."""
    period = _PERIODS.get(about["sy_updateperiod"].strip().lower(), 0)
    times = _count(about["sy_updatefrequency"] or "1")
    minutes = _count(about["ttl"]) or (period // times if times else 0)
    return timedelta(minutes=min(minutes, _LONGEST_TO_LIVE)) if minutes else None


def _count(said: str) -> int:
    """Return a whole number as written; 0 for anything else."""
    return int(said) if _COUNT.fullmatch(said := said.strip()) else 0


def _cut(text: str, root: re.Match[str]) -> _Cut:
    spans: list[tuple[int, int]] = []
    start = None  # of the item that is open
    kind = None  # what this document calls its items
    for token in _TOKEN.finditer(text, root.end()):
        kind = kind or token[2]
        if token[2] is None or token[2] != kind:
            continue
        if start is not None:  # ends here, be it only because the next one begins
            spans.append((start, token.end() if token[1] else token.start()))
        start = None if token[1] else token.start()
        if start is not None and token[0].endswith("/>"):
            spans.append((start, token.end()))
            start = None
    return _cut_at(text, root, spans, start)


#: The whole elements at the beginning of an item that breaks off, its link among them.
_LINKED_PART = re.compile(r".*</link>(?:.*</[\w:]+>)?|.*<link\b[^<>]*/>(?:.*</[\w:]+>)?", re.DOTALL)


def _cut_at(
    text: str, root: re.Match[str], spans: list[tuple[int, int]], start: int | None
) -> _Cut:
    name = re.escape(root[1])
    last = start if start is not None else spans[-1][1] if spans else root.end()
    end = re.compile(rf"</(?:channel|{name})\s*>", re.IGNORECASE).search(text, last)
    items = [text[begin:until] for begin, until in spans]
    head = text[root.end() : spans[0][0] if spans else last]
    if start is not None and end is not None:
        last = end.start()
        items.append(text[start:last])  # lacks only its end tag
    unfinished = "" if start is None or end else text[start:]
    if whole := _LINKED_PART.match(unfinished):
        items.append(whole[0])  # what has its address can be fetched, and says the rest itself
        unfinished = ""
    return _Cut(
        root=root[0],
        name=root[1],
        head=head,
        items=tuple(items),
        tail=_tail(text[last:] if end else "", head, root[1]),
        unfinished=unfinished,
        truncated=end is None and not root[0].endswith("/>"),
    )


def _tail(rest: str, head: str, name: str) -> str:
    """Return ``rest`` up to the end of the root, or else the end tags that it lacks."""
    before, closing, _ = rest.rpartition(f"</{name}")
    if closing:
        return f"{before}</{name}>"
    is_open = "<channel" in head and "</channel" not in head
    return ("</channel>" if is_open else "") + f"</{name}>"


def _link_in(item: str) -> str:
    found = _LINK.search(item)
    return (found[1] or found[2]) if found else ""


def _read_items(cut: _Cut) -> tuple[dict[str, str], list[_Item | None]]:
    """Return what the feed says of itself, and its items; None for one past reading."""
    for version in (cut, _mended(cut)):
        found = _ask(version.root + version.head + "".join(version.items) + version.tail)
        if found and not found["bozo"] and len(found["entries"]) == len(version.items):
            return _about(found), [_item(entry) for entry in found["entries"]]
    cut = _mended(cut)
    about = _ask(cut.root + cut.head + _tail("", cut.head, cut.name))
    return _about(about) if about else dict.fromkeys(_ABOUT, ""), [
        _read_alone(cut, item) for item in cut.items
    ]


def _read_alone(cut: _Cut, item: str) -> _Item | None:
    if item.count("<") > _ITEM_ELEMENTS:
        return None
    head = "<channel>" if cut.name.lower() == "rss" else ""
    found = _ask(cut.root + head + item + _tail("", head, cut.name))
    return _item(found["entries"][0]) if found and found["entries"] else None


def _ask(text: str) -> dict[str, Any] | None:
    """Let feedparser read one XML text; None where it raises, which it does in many ways."""
    try:
        found: dict[str, Any] = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception:  # noqa: BLE001 - whatever it raises costs only this text, and is counted
        return None
    return found


#: What we want to know of a feed, by feedparser's names.
_ABOUT = ("title", "language", "ttl", "sy_updateperiod", "sy_updatefrequency")


def _about(found: dict[str, Any]) -> dict[str, str]:
    return {name: _said(found["feed"], name) for name in _ABOUT}


def _item(entry: dict[str, Any]) -> _Item:
    guid, link = _said(entry, "id"), _said(entry, "link")
    # feedparser takes a guid for a link where there is no other.
    links = (_said(entry, "feedburner_origlink"), link if link != guid else "", _permalink(guid))
    contents = [_said(content, "value") for content in dict.get(entry, "content", ())]
    moments = [_said(entry, name) for name in ("published", "created", "updated", "date")]
    origin = dict.get(entry, "source", {})  # RSS: where it was taken from; Atom: that feed
    return _Item(
        links=tuple(filter(None, links)),
        guid=guid,
        title=_said(entry, "title"),
        summaries=(_said(entry, "summary"), *contents, _said(entry, "yandex_full-text")),
        moments=tuple(filter(None, moments)),
        # A title carries the language that holds where it stands (xml:lang).
        language=_said(entry, "language") or _said(dict.get(entry, "title_detail", {}), "language"),
        publisher=_said(origin, "title") or _said(entry, "news_source"),  # the latter by Bing
        publisher_url=_said(origin, "href") or _said(origin, "link"),
    )


def _permalink(guid: str) -> str:
    """Return a guid that can be an address: many are none and do not say so."""
    return guid if re.match(r"https?:|/", guid) else ""


def _said(fields: dict[str, Any], name: str) -> str:
    # Not fields.get: feedparser's own answers with another field and a warning.
    value = dict.get(fields, name)
    return value if isinstance(value, str) else ""


# --- mending XML -----------------------------------------------------------

#: "&" outside CDATA that begins none of XML's five entities, with what follows it.
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos);)"
    r"(?:#([0-9]{1,7}|[xX][0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31};))?",
    re.DOTALL,
)
_SURROGATES = re.compile(r"&#[xX]([dD][89aAbB][0-9A-Fa-f]{2});&#[xX]([dD][c-fC-F][0-9A-Fa-f]{2});")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _mended(cut: _Cut) -> _Cut:
    cut = replace(
        cut,
        head=_mend(cut.head),
        items=tuple(_mend(item) for item in cut.items),
        tail=_mend(cut.tail),
    )
    used = {a or b for part in (cut.root, cut.head, *cut.items) for a, b in _PREFIX.findall(part)}
    declared = set(re.findall(r"xmlns:([\w.-]+)", cut.root)) | {"xml", "xmlns"}
    names = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix, "urn:undeclared:" + prefix)}"'
        for prefix in sorted(used - declared)
    )
    inside = cut.root[1:].rstrip("/>").rstrip()
    return replace(cut, root=f"<{inside}{names}>")


def _mend(xml: str) -> str:
    r"""Mend what makes XML ill-formed in practice.

    >>> _mend("R&D&nbsp;&amp; &#xD83D; \x00<![CDATA[a & b]]>&#xD83D;&#xDE00;")
    'R&amp;D\xa0&amp;  <![CDATA[a & b]]>😀'
    """
    if "&" in xml:
        xml = _AMPERSAND.sub(_mended_reference, _SURROGATES.sub(_joined, xml))
    return _NOT_XML.sub("", xml)


def _mended_reference(found: re.Match[str]) -> str:
    number, name = found[1], found[2]
    if number:
        code = int(number[1:], 16) if number[0] in "xX" else int(number)
        return "" if code > sys.maxunicode else escape(_NOT_XML.sub("", chr(code)))
    if name:
        return escape(html5[name]) if name in html5 else f"&amp;{name}"
    return found[0] if found[0].startswith("<") else "&amp;"


def _joined(found: re.Match[str]) -> str:
    high, low = int(found[1], 16), int(found[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


# --- JSON Feed -------------------------------------------------------------

_JSON_VERSION = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_JSON_ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
_JSON_GAP = re.compile(r"[\s,]*")


def _read_json(text: str, most: int) -> _Document | None:
    """Take a JSON Feed (jsonfeed.org, 1.0 and 1.1) apart; None if it is none."""
    if not _JSON_VERSION.search(text):
        return None
    about, raw, truncated = _load_json(text)
    items = [_json_item(item) for item in raw[:most] if isinstance(item, dict)]
    dropped = [(Reason.UNREADABLE, "") for item in raw[:most] if not isinstance(item, dict)]
    dropped += [(Reason.TOO_MANY, _json_link(item)) for item in raw[most:]]
    return _Document(
        items=tuple(items),
        dropped=(*dropped, (Reason.TRUNCATED, "")) if truncated else tuple(dropped),
        title=_said(about, "title"),
        language=_said(about, "language"),
        truncated=truncated,
    )


def _load_json(text: str) -> tuple[dict[str, Any], list[Any], bool]:
    """Return the feed's fields, its items, and whether the text breaks off."""
    try:
        about = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return {}, list(_whole_items(text)), True
    items = about.get("items")
    return about, items if isinstance(items, list) else [], False


def _whole_items(text: str) -> Iterator[Any]:
    """Yield the items of a broken JSON Feed up to the break."""
    found = _JSON_ITEMS.search(text)
    place = found.end() if found else len(text)
    decoder = json.JSONDecoder(strict=False)
    while place < len(text):
        try:
            item, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield item
        gap = _JSON_GAP.match(text, place)
        place = gap.end() if gap else place


def _json_item(item: dict[str, Any]) -> _Item:
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, str | int) else ""
    permalink = guid if guid.startswith(("http:", "https:")) else ""
    links = (_said(item, "url"), _said(item, "external_url"), permalink)
    moments = (_said(item, "date_published"), _said(item, "date_modified"))
    return _Item(
        links=tuple(filter(None, links)),
        guid=guid,
        title=_said(item, "title"),
        summaries=(
            _said(item, "summary"),
            _said(item, "content_html"),
            _said(item, "content_text"),
        ),
        moments=tuple(filter(None, moments)),
        language=_said(item, "language"),
    )


def _json_link(item: object) -> str:
    return _said(item, "url") if isinstance(item, dict) else ""


# --- what is no feed -------------------------------------------------------

_SITEMAP = re.compile(r"<(?:urlset|sitemapindex)[\s>]")
_ALTERNATE = re.compile(
    r"<link\s[^<>]*?type\s*=\s*[\"']?application/(?:rss|atom|feed)\+(?:xml|json)[^<>]*>",
    re.IGNORECASE,
)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)


def _describe(text: str, page: Page) -> str:
    """Say what came in the place of a feed, and where the page says that its feed is."""
    if _SITEMAP.search(text):
        return "a sitemap"
    if not _HTML.search(text):
        return f"begins with “{_title(text)[:_DETAIL_LENGTH]}”"
    title = _PAGE_TITLE.search(text)
    detail = f"an HTML page “{_title(title[1])[:_DETAIL_LENGTH]}”" if title else "an HTML page"
    link = _ALTERNATE.search(text)
    href = _HREF.search(link[0]) if link else None
    address = _address((html.unescape(href[1]),), page.final_url) if href else None
    return f"{detail}; it names the feed {address}" if isinstance(address, str) else detail
