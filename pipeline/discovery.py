"""Where an outlet may list its newest articles: what its pages name, and what is worth a guess.

A page that has a feed mostly says so in its head. Else there is a link to it somewhere, or
the feed stands where the publishing systems put it, or the sitemap stands where search
engines look. Only addresses are found here; what answers under them is another matter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from pipeline.articles.tree import Unreadable, clean, parse_page, pieces_of
from pipeline.model import FeedKind, FeedReading, Page, Reason, Rejection
from pipeline.text import fold
from pipeline.urls import is_homepage, join_url, same_site


class Origin(StrEnum):
    """How we came upon an address; the text is what a person reads."""

    GIVEN = "the given address"
    PICKED = "picked by --feed"
    DECLARED = "declared by the page"
    LINKED = "linked on the page"
    GUESSED = "a usual place"
    ROBOTS = "named in robots.txt"
    PAGE = "the page itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address under which an outlet may list its newest articles."""

    url: str
    origin: Origin
    title: str = ""  # that the page gives it

    @property
    def is_of_comments(self) -> bool:
        """Whether it lists what readers say, not what the outlet does."""
        path = unquote(urlsplit(self.url).path).lower()
        return bool(_COMMENTS_PATH.search(path) or _COMMENTS_TITLE.search(fold(self.title)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What a page says of its outlet."""

    site_name: str = ""  # empty: it does not say
    language: str | None = None  # as declared, two letters
    candidates: tuple[Candidate, ...] = ()  # declared ones, then linked ones; comments last


# --- the address that somebody typed -----------------------------------------


def spell_out(typed: str) -> tuple[str, ...]:
    """Return the addresses that somebody may have meant, the likeliest first.

    Raises:
        ValueError: it is no web address.

    >>> spell_out("Example.org/az")
    ('https://example.org/az', 'http://example.org/az')
    >>> spell_out("http://example.org")
    ('http://example.org/',)
    """
    typed = typed.strip()
    if "://" in typed:
        return (join_url(typed, typed),)
    return tuple(join_url(url, url) for url in (f"https://{typed}", f"http://{typed}"))


#: The whole of a segment or a parameter: rss, rss2, az.rss, feed.php, rssFeed, rss-feed; not
#: feedback, nor an article about atom-energy-in-2025.
_FEED_NAME = re.compile(
    r"(?:[a-z]{2,10}[._-])?(?:(?:rss|rdf|atom|feeds?)[._-]?){1,2}\d?(?:[._-][a-z]{2,5})?"
)
_XML = re.compile(r"\.(?:xml(?:\.gz)?|rss|rdf|atom)$", re.IGNORECASE)


def looks_like_feed(url: str) -> bool:
    """Tell whether an address looks like that of a feed or a sitemap.

    >>> [looks_like_feed(f"https://example.org/{path}") for path in ("rss.php", "?feed=rss2")]
    [True, True]
    >>> looks_like_feed("https://example.org/feedback")
    False
    """
    if _XML.search(urlsplit(url).path):
        return True
    return any(_FEED_NAME.fullmatch(word) for word in _words_of(url, endings=True))


def names_section(url: str, page_url: str) -> bool:
    """Tell whether a feed's address names the section of the page on which it was found.

    >>> names_section("https://example.org/az/diaspor/feed", "https://example.org/az/diaspor/")
    True
    >>> names_section("https://example.org/feed", "https://example.org/az/diaspor/")
    False
    """
    section = _words_of(page_url.partition("?")[0])[-1:]
    return bool(section) and section[0] in _words_of(url)


def _words_of(url: str, *, endings: bool = False) -> list[str]:
    """Return the segments of the path, and the names and values of the query, in lower case."""
    parts = urlsplit(url.lower())
    segments = unquote(parts.path).split("/")
    if not endings:
        segments = [segment.partition(".")[0] for segment in segments]
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    return [word for word in (*segments, *chain.from_iterable(parameters)) if word]


# --- what a page names -------------------------------------------------------

#: Not application/json: WordPress names its programming interface so.
_FEED_TYPE = re.compile(r"application/(?:(?:rss|atom|rdf)\+xml|feed\+json|xml)|text/xml")
#: Characters; what is longer is no name of an outlet or a feed.
_TITLE_LENGTH = 300
#: Links of a page that are looked at; the feeds of pages with more stand before or in the head.
_LINKS = 5_000

_COMMENTS_PATH = re.compile(r"(?:^|[^a-z])comments?(?:[^a-z]|$)")
#: “Comments” in the languages of our outlets, folded; names of feeds begin or end with it.
_COMMENTS_TITLE = re.compile(
    r"\b(?:comments|serhler|rey ler|reyler|yorumlar|комментарии|коментарі|kommentare|"
    r"commentaires|comentarios|نظرات|دیدگاه ها|التعليقات|تعليقات)\b"
)


def read_page(page: Page) -> PageFacts | Rejection:
    """Read what a page says of its outlet and its feeds; a Rejection where it is no HTML."""
    try:
        root = parse_page(page)
    except Unreadable as error:
        return Rejection(url=page.url, reason=error.reason, detail=error.detail)
    base = _base(root, page.final_url)
    found = {one.url: one for one in (*_linked(root, base, page), *_declared(root, base))}
    order = list(Origin)
    return PageFacts(
        site_name=_site_name(root),
        language=_language(root),
        candidates=tuple(
            sorted(found.values(), key=lambda one: (order.index(one.origin), one.is_of_comments))
        ),
    )


def _base(root: etree._Element, url: str) -> str:
    for element in root.iter("base"):
        if element.get("href"):
            return _joined(url, element) or url
    return url


def _joined(base: str, element: etree._Element) -> str:
    """Return where an element leads; empty if nowhere on the web."""
    try:
        return join_url(base, element.get("href") or "")
    except ValueError:
        return ""


def _declared(root: etree._Element, base: str) -> Iterator[Candidate]:
    for element in root.iter("link"):
        kinds = (element.get("rel") or "").lower().split()
        media_type = (element.get("type") or "").partition(";")[0].strip().lower()
        names_feed = "feed" in kinds or ("alternate" in kinds and _FEED_TYPE.fullmatch(media_type))
        if names_feed and (url := _joined(base, element)):
            title = clean(element.get("title") or "")[:_TITLE_LENGTH]
            yield Candidate(url=url, origin=Origin.DECLARED, title=title)


def _linked(root: etree._Element, base: str, page: Page) -> Iterator[Candidate]:
    for number, element in enumerate(root.iter("a")):
        if number >= _LINKS:
            return
        url = _joined(base, element)
        if url and url != page.final_url and same_site(url, page.final_url):
            text = clean(" ".join(pieces_of(element)))[:_TITLE_LENGTH]
            if looks_like_feed(url):
                yield Candidate(url=url, origin=Origin.LINKED, title=text)


def _site_name(root: etree._Element) -> str:
    named = {
        (element.get("property") or element.get("name") or "").lower(): element.get("content")
        for element in root.iter("meta")
    }
    name = named.get("og:site_name") or named.get("application-name") or ""
    return clean(name[:_TITLE_LENGTH])


def _language(root: etree._Element) -> str | None:
    found = re.match(r"[a-z]{2}(?![a-z])", (root.get("lang") or "").strip().lower())
    return found[0] if found else None


# --- what is worth a guess ---------------------------------------------------

#: Where feeds stand that no page names. The first four are half of the feeds in our own
#: sources.yaml; /feed is for sites that know an address only without its slash, the rest is
#: where the generators of static pages put them. The language of the page, if it tells, is
#: tried before the first two as well.
_FEED_PATHS = (
    *("/rss", "/rss.xml", "/rss/", "/feed/"),
    *("/feed", "/feed.xml", "/atom.xml", "/index.xml"),
)
_LANGUAGE_PATHS = 2

#: News first: the other one lists all that a site has, newest first or not.
_SITEMAP_PATHS = ("/news-sitemap.xml", "/sitemap.xml")
#: Sitemaps of a robots.txt that are worth asking: outlets name up to a hundred, by year.
_SITEMAPS = 3
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def guess_feeds(url: str, *, language: str | None = None) -> tuple[Candidate, ...]:
    """Return where the feed of the site of ``url`` may be, the likeliest first.

    >>> [urlsplit(one.url).path for one in guess_feeds("https://example.org/a", language="az")][:4]
    ['/rss', '/rss.xml', '/az/rss', '/az/rss.xml']
    """
    usual, others = _FEED_PATHS[:_LANGUAGE_PATHS], _FEED_PATHS[_LANGUAGE_PATHS:]
    translated = tuple(f"/{language}{path}" for path in usual) if language else ()
    return _guesses(url, (*usual, *translated, *others))


def guess_sitemaps(url: str, robots: bytes) -> tuple[Candidate, ...]:
    """Return the sitemaps that a robots.txt names, those of news first, then the usual places."""
    named = {}
    for line in _SITEMAP_LINE.findall(robots.decode("utf-8-sig", errors="replace")):
        try:
            address = join_url(url, line)
        except ValueError:
            continue
        if same_site(address, url):
            named[address] = Candidate(url=address, origin=Origin.ROBOTS)
    ranked = sorted(named.values(), key=lambda one: "news" not in one.url.lower())
    guesses = (one for one in _guesses(url, _SITEMAP_PATHS) if one.url not in named)
    return (*ranked[:_SITEMAPS], *guesses)


def _guesses(url: str, paths: tuple[str, ...]) -> tuple[Candidate, ...]:
    return tuple(Candidate(url=join_url(url, path), origin=Origin.GUESSED) for path in paths)


# --- what has answered -------------------------------------------------------

#: Days. The slowest outlets that we read, of associations, write about once a month.
_STALE = 90
#: Links to articles from which a page counts as a list of them: a related-articles box has
#: three or four, sections show ten and more.
_LEAST_LINKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found under an address."""

    candidate: Candidate
    url: str  # that is to be polled: the candidate's, or where it has moved for good
    kind: FeedKind | None = None  # None: no list of articles
    reading: FeedReading = FeedReading()
    failure: str = ""  # why it is none
    reason: Reason | None = None  # why there was no reply; None: there was

    @property
    def newest(self) -> datetime | None:
        """The moment of its newest entry; None if no entry tells."""
        moments = [entry.published_at for entry in self.reading.entries if entry.published_at]
        return max(moments, default=None)

    @property
    def has_articles(self) -> bool:
        """Whether it lists articles, be they old."""
        least = _LEAST_LINKS if self.kind is FeedKind.LISTING else 1
        return len(self.reading.entries) >= least and not self.candidate.is_of_comments

    def weakness(self, *, now: datetime) -> str:
        """Return why it should rather not be taken; empty if it may well be."""
        if not self.kind:
            return self.failure
        if not self.has_articles:
            return self._lack()
        if self.newest and now - self.newest > timedelta(days=_STALE):
            return f"nothing new since {self.newest:%Y-%m-%d}"
        if self.kind is FeedKind.SITEMAP and not self.newest:
            return "no dates: it may list all pages, not articles"
        return ""

    def _lack(self) -> str:
        if self.kind is FeedKind.LISTING:
            return f"{len(self.reading.entries)} links to articles"
        return "comments, not articles" if self.reading.entries else "no entries"


def rank_answers(answers: Iterable[Answer], *, page_url: str, now: datetime) -> tuple[Answer, ...]:
    """Return the lists of articles among ``answers``, the one to be taken first.

    Those without a weakness come first; then, if ``page_url`` is a section, what lists that
    section; then feeds before pages; then what was found first. What has no articles is left
    out: no entries, comments, a page with few links to articles.
    """

    def place(answer: Answer) -> tuple[bool, bool, bool]:
        elsewhere = not (
            is_homepage(page_url)
            or answer.candidate.origin is Origin.PAGE
            or names_section(answer.url, page_url)
        )
        weak = bool(answer.weakness(now=now))
        return weak, elsewhere, answer.kind is FeedKind.LISTING

    return tuple(sorted((one for one in answers if one.has_articles), key=place))
