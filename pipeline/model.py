"""The nouns, in the order in which the data meets them.

Every record is frozen and made of plain values, so it compares, pickles and
travels to another process unchanged. Moments are aware and in UTC unless a
name says otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import inf
from zoneinfo import ZoneInfo

# --- what we watch ---------------------------------------------------------


class PublisherKind(StrEnum):
    """Who stands behind an outlet, as far as that is generally known."""

    STATE_AGENCY = "state agency"
    GOVERNMENT = "government"
    PARTY = "party"
    DIASPORA = "diaspora organisation"
    FOREIGN_AGENT = "registered foreign agent"
    PUBLIC_BROADCASTER = "public broadcaster"
    PRIVATE = "private"
    INDEPENDENT = "independent"
    AGGREGATOR = "aggregator"
    OTHER = "other"


class FeedKind(StrEnum):
    """In what form an outlet lists its newest articles."""

    FEED = "feed"  # RSS, Atom, RDF, JSON Feed
    LISTING = "listing"  # an HTML section page
    SITEMAP = "sitemap"


class Keep(StrEnum):
    """Which of a source's articles we keep."""

    TOPIC = "topic"  # those about the holiday
    ALL = "all"  # all: everything the source publishes is on topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """Where on a section page the articles stand, as CSS selectors; None: found by itself."""

    item: str  # the card of one article
    link: str | None = None  # within the card; None: its first link
    title: str | None = None  # within the card; None: the link's text
    date: str | None = None  # within the card; None: whatever in it reads as a moment
    date_pattern: str | None = None  # of strptime: how the date is written


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSelectors:
    """Where on a source's pages the parts of an article stand, as CSS selectors.

    None: found by itself. ``until`` is the last day on which pages were fetched so: outlets
    change, archives do not.
    """

    until: date | None = None  # of the fetch, inclusive; None: still so
    title: str | None = None
    text: str | None = None  # what holds the text; several are joined in document order
    remove: str | None = None  # within the text: what does not belong to it
    byline: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One address under which a source lists its newest articles."""

    url: str
    kind: FeedKind = FeedKind.FEED
    language: str | None = None  # None: the source's languages apply
    selectors: Selectors | None = None  # of a section page


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet that we read."""

    id: str
    name: str
    publisher: PublisherKind
    languages: tuple[str, ...]
    time_zone: str
    feeds: tuple[Feed, ...]
    article: tuple[ArticleSelectors, ...] = ()  # by ``until``, the one without it last
    homepage: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2; None: not known
    keep: Keep = Keep.TOPIC
    enabled: bool = True
    gap: float | None = None  # seconds between two requests; None: as the settings say
    user_agent: str | None = None  # None: as the settings say
    verify_tls: bool = True  # False: its certificate is not looked at

    @property
    def is_aggregator(self) -> bool:
        """Whether it lists articles of other outlets, as a search feed does."""
        return self.publisher is PublisherKind.AGGREGATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words to be found on the match form, in one language.

    ``pattern`` is words parted by blanks: ``word*`` stands for any ending,
    ``a|b`` for either, a trailing ``?`` for a word that may be missing.
    """

    language: str
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """The days of the year in which the holiday is written about; may cross New Year."""

    start: tuple[int, int]  # (month, day), inclusive
    day: tuple[int, int]  # the holiday itself
    end: tuple[int, int]  # inclusive

    def holds(self, day: date) -> bool:
        """Tell whether ``day`` lies in the season of any year."""
        here = (day.month, day.day)
        if self.start <= self.end:
            return self.start <= here <= self.end
        return here >= self.start or here <= self.end


class EntityKind(StrEnum):
    """What an entity is."""

    PERSON = "person"
    PLACE = "place"
    BODY = "body"  # a state, a parliament, an organisation
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Somebody or something that the topic's articles name, in all its spellings."""

    id: str
    name: str  # as it is shown
    kind: EntityKind
    spellings: tuple[Phrase, ...]


class FactKind(StrEnum):
    """What the answer to a plain question is."""

    YEAR = "year"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A plain fact of the topic of which outlets give different years or numbers.

    The patterns are those of a `Phrase`, in which ``0`` stands for the year or number and
    ``...`` for words between.
    """

    id: str
    kind: FactKind
    phrases: tuple[Phrase, ...]
    unit: str = ""  # written behind the number: "million"
    least: float = 0  # what is told of anything else is outside of these two
    most: float = inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The holiday, as data: another holiday is another ``topic:`` section.

    Its words have no part in its hash: there are a thousand, and a topic is looked up with
    every article.
    """

    name: str
    time_zone: str
    season: Season
    names: tuple[Phrase, ...] = field(hash=False)  # full names: each decides alone
    #: Need a subject, and a moment, a setting, a notice, or a publication in the season.
    short_names: tuple[Phrase, ...] = field(default=(), hash=False)
    subjects: tuple[Phrase, ...] = field(default=(), hash=False)  # whose holiday it is
    moments: tuple[Phrase, ...] = field(default=(), hash=False)  # how the day is written
    settings: tuple[Phrase, ...] = field(default=(), hash=False)  # words of its own surroundings
    excluded: tuple[Phrase, ...] = field(default=(), hash=False)  # look-alikes
    notices: tuple[Phrase, ...] = field(default=(), hash=False)  # days off: at most a mention
    #: What is done for a holiday: a name beside it is not named in passing.
    occasions: tuple[Phrase, ...] = field(default=(), hash=False)
    entities: tuple[Entity, ...] = field(default=(), hash=False)  # whom and what they name
    facts: tuple[Fact, ...] = field(default=(), hash=False)  # of which outlets tell differently

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the topic's weeks are counted."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week, named with its ISO year.

    >>> str(Week.parse("2026-W53")), Week.parse("2026-W53").days[0].isoformat()
    ('2026-W53', '2026-12-28')
    >>> Week.of(datetime(2024, 12, 30, 21, tzinfo=UTC), ZoneInfo("Asia/Baku"))
    Week(year=2025, number=1)
    """

    year: int
    number: int

    @classmethod
    def parse(cls, name: str) -> "Week":
        """Read ``2026-W53``; raise ValueError for anything that is no ISO week."""
        found = re.fullmatch(r"(\d{4})-W(\d{2})", name.strip().upper(), re.ASCII)
        if not found:
            raise ValueError(f"not an ISO week such as 2026-W53: {name!r}")
        year, number = int(found[1]), int(found[2])
        last = date(year, 12, 28).isocalendar().week  # 28 December always lies in the last one
        if not 1 <= number <= last:
            raise ValueError(f"{year} has {last} weeks; there is no {name!r}")
        return cls(year, number)

    @classmethod
    def of(cls, moment: datetime, zone: ZoneInfo) -> "Week":
        """Return the week in which ``moment`` lies in ``zone``."""
        return cls.holding(moment.astimezone(zone).date())

    @classmethod
    def holding(cls, day: date) -> "Week":
        """Return the week that holds the calendar day ``day``."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days, Monday first."""
        return tuple(date.fromisocalendar(self.year, self.number, n) for n in range(1, 8))

    def start(self, zone: ZoneInfo) -> datetime:
        """Return the first moment of the week in ``zone``, as UTC."""
        return datetime.combine(self.days[0], time(), zone).astimezone(UTC)

    def end(self, zone: ZoneInfo) -> datetime:
        """Return the first moment after the week in ``zone``, as UTC."""
        after = self.days[0] + timedelta(days=7)
        return datetime.combine(after, time(), zone).astimezone(UTC)

    def shifted(self, weeks: int) -> "Week":
        """Return the week ``weeks`` later (earlier if negative)."""
        return Week.holding(self.days[0] + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"


# --- what the web gives ----------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a host gave us to ask “has it changed?” with (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The reply that we kept: its bytes and headers, unread."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes  # decompressed
    fetched_at: datetime
    sent_body: bytes = b""  # as it came over the wire; empty: the same as body
    moved_to: str | None = None  # where redirects that call themselves permanent led

    @property
    def media_type(self) -> str:
        """The declared type without parameters, in lower case; empty if none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def validators(self) -> Validators:
        """ETag and Last-Modified of this reply."""
        return Validators(
            etag=self.headers.get("etag"), last_modified=self.headers.get("last-modified")
        )


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A robots.txt as it was read, to be kept between runs."""

    authority: str  # scheme and host, with the port if it is not the usual one
    fetched_at: datetime
    body: bytes  # empty: there is none, and all may be read

    def is_younger(self, age: timedelta, *, now: datetime) -> bool:
        """Tell whether it was read less than ``age`` ago; not so if in the future."""
        return timedelta() <= now - self.fetched_at < age


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item that a feed, a section page or a sitemap offers."""

    url: str
    title: str = ""
    summary: str = ""
    published_at: datetime | None = None  # None: the feed does not say
    guid: str | None = None
    language: str | None = None
    publisher: str = ""  # the outlet's name, of an item that an aggregator offers
    publisher_url: str | None = None  # the outlet's front page, likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """What one poll of a feed, a section page or a sitemap gave.

    Each item of the document is in ``entries`` or in ``rejections``.
    """

    entries: tuple[FeedEntry, ...] = ()
    rejections: tuple["Rejection", ...] = ()
    title: str = ""
    truncated: bool = False  # the document was cut: its validators must not be kept
    more: tuple[str, ...] = ()  # addresses of nested sitemaps, newest first
    time_to_live: timedelta | None = None  # how long the feed asks not to be asked again


class Outcome(StrEnum):
    """How one address ended in one run. Exactly one applies."""

    STORED = "stored"
    UPDATED = "updated"  # a new version of an article that we have
    COPY = "copy"  # the archive has this text from another outlet
    MENTION = "mention"  # names the holiday, is not about it
    UNRELATED = "unrelated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    FAILED = "failed"


class Reason(StrEnum):
    """Why an address was rejected or failed; the text is what a person reads."""

    # an entry or a page that we do not want
    BAD_ADDRESS = "not a web address"
    NOT_A_FEED = "not a feed"
    NOT_HTML = "not an HTML page"
    EMPTY = "no text"
    TOO_SHORT = "too little text"
    TOO_DEEP = "nested too deeply"
    TOO_MANY = "beyond the item cap"
    SOFT_404 = "a page that says not found"
    CONSENT_WALL = "a consent wall"
    BLOCK_PAGE = "a block page"
    LOGIN_WALL = "a login wall"
    LISTING_PAGE = "a list of articles, not an article"
    UNREADABLE = "the page cannot be read"
    REPLACED = "another article stands there now"
    UNRESOLVED = "an aggregator's link that does not lead to the outlet"
    # a reply that we did not get
    ROBOTS = "robots.txt forbids it"
    PRIVATE_ADDRESS = "not a public address"
    BAD_SCHEME = "neither http nor https"
    TLS = "the certificate cannot be trusted"
    DNS = "the host name does not resolve"
    UNREACHABLE = "no connection"
    TIMEOUT = "took too long"
    TRUNCATED = "cut short"
    TOO_LARGE = "too large"
    TOO_MANY_REDIRECTS = "too many redirects"
    BAD_REPLY = "not a usable reply"
    FORBIDDEN = "forbidden by the host"
    NOT_FOUND = "not found"
    GONE = "gone"
    RATE_LIMITED = "asked to slow down"
    SERVER_ERROR = "the host has an error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why something that we have read was dropped."""

    url: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseContext:
    """What one poll knows that the document does not say of itself."""

    zone: ZoneInfo  # of moments that name none
    now: datetime  # the moment of the poll
    most: int  # items to be read; those beyond are rejected as too many
    languages: tuple[str, ...] = ()  # in which the source writes


# --- what a page says ------------------------------------------------------


class TextOrigin(StrEnum):
    """Where the text of an article was read."""

    PAGE = "page"
    SELECTORS = "selectors"  # where sources.yaml says that it stands
    JSON_LD = "json-ld"  # the page shows only a part of it, or builds it by script
    FEED = "feed"  # the page showed a wall or an empty shell


class Precision(StrEnum):
    """How exactly a page tells its moment."""

    MINUTE = "minute"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment that a page or a feed claims, and where it was read."""

    at: datetime
    precision: Precision = Precision.MINUTE
    origin: str = ""  # "json-ld", "meta", "time", "url", "feed", "seen" …
    #: As the page writes it, in its own zone; no part of what the moment is.
    day: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The picture that a page puts first."""

    url: str  # absolute
    alt: str = ""  # what it shows, in the page's words


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same article in another language, as the page declares it (hreflang)."""

    language: str  # ISO 639-1
    url: str  # absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two places of one page that say different things of one matter."""

    about: str  # "title", "text", "published", "language"
    taken: str  # what we believe, and where it was read
    taken_from: str
    other: str
    other_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, freed from the page.

    Paragraphs of ``text`` are parted by one blank line.
    """

    url: str
    title: str
    text: str
    published: Moment | None = None  # None: the page does not say
    byline: str | None = None
    language: str | None = None  # ISO 639-1; None: not recognised
    site_name: str | None = None
    canonical_url: str | None = None  # as the page declares it, absolute
    text_origin: TextOrigin = TextOrigin.PAGE
    modified: Moment | None = None  # None: the page does not say, or it is the publication
    image: Image | None = None
    alternates: tuple[Alternate, ...] = ()  # by language, itself left out
    is_paywalled: bool = False  # the page says that the rest is for subscribers
    confidence: float = 1.0  # 0–1: how sure we are that the text is the article, and all of it
    disagreements: tuple[Disagreement, ...] = ()
    # field → where it was read; a mapping has no hash
    origins: Mapping[str, str] = field(default_factory=dict, hash=False)


class Verdict(StrEnum):
    """Whether an article is about the holiday."""

    ABOUT = "about"
    MENTION = "mention"
    UNRELATED = "unrelated"


class Judge(StrEnum):
    """Whose verdict on an article counts."""

    RULES = "rules"  # of sources.yaml
    MODEL = "model"  # trained on the labels
    LABEL = "label"  # a person's


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One name of the topic found in an article."""

    phrase: str  # the pattern of sources.yaml that matched
    where: str  # "title", "lead" or "text"
    form: str  # the match form as found


@dataclass(frozen=True, slots=True, kw_only=True)
class Relevance:
    """The judgement on an article, with what it rests on."""

    verdict: Verdict
    score: float  # 0–1
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagePrint:
    """What is kept of a sentence to find it again, with small edits too."""

    key: int
    words: int  # repetitions added up
    marks: bytes  # two for each stem, in order
    bands: tuple[int, ...]  # passages that are the same share one, if not the key
    is_quoted: bool  # it stands as somebody's speech


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMention:
    """An entity of the topic, as one article names it."""

    entity_id: str
    count: int  # in title and text
    form: str  # as the article writes it, where it comes first
    in_title: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of a text to find its copies and its passages again.

    All keys are signed 64-bit integers, the same on every machine.
    """

    text_hash: int  # of the whole match form, digits as they are
    bands: tuple[int, ...]  # copies share at least one; empty: hardly any text
    passages: tuple[PassagePrint, ...]  # each key once, in order
    words: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article with all that is computed from it before it is filed."""

    article: Article
    relevance: Relevance
    folded_title: str  # the match form
    folded_text: str
    fingerprint: Fingerprint
    entities: tuple[EntityMention, ...] = ()


# --- what the archive knows ------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedArticle:
    """An article as the archive has it: with its outlet and its place among copies."""

    id: int
    article: Article
    source: Source
    relevance: Relevance  # that counts; after a label the score is still the rules'
    first_seen_at: datetime
    representative_id: int  # its own id unless it is a copy
    words: int = 0  # in the text
    share_seen_before: float | None = None  # 0–1 of its words; None: not compared
    judged_by: Judge = Judge.RULES
    by_rules: Relevance | None = None  # what they say, where another has judged
    entities: tuple[EntityMention, ...] = ()  # those of the title first, then the most named

    @property
    def published_at(self) -> datetime:
        """The claimed moment, or else when we first saw it."""
        return self.article.published.at if self.article.published else self.first_seen_at


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateGroup:
    """Copies of one text; a text without copies is a group of one."""

    representative: ArchivedArticle  # the first published
    members: tuple[ArchivedArticle, ...]  # by publication, the representative first


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event, told by one or several groups."""

    groups: tuple[DuplicateGroup, ...]  # the most copied first

    @property
    def articles(self) -> tuple[ArchivedArticle, ...]:
        """All its articles, copies included, by publication."""
        found = [member for group in self.groups for member in group.members]
        return tuple(sorted(found, key=lambda a: (a.published_at, a.id)))

    @property
    def copies(self) -> int:
        """How many of its articles repeat the text of another."""
        return sum(len(group.members) - 1 for group in self.groups)

    @property
    def languages(self) -> tuple[str | None, ...]:
        """Those in which it is told, the first to tell it first; None: not recognised."""
        return tuple(dict.fromkeys(article.article.language for article in self.articles))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The outlets that tell it, each once, the first first."""
        return tuple({article.source.id: article.source for article in self.articles}.values())

    @property
    def publishers(self) -> tuple[PublisherKind, ...]:
        """The kinds of these outlets, each once."""
        return tuple(dict.fromkeys(source.publisher for source in self.sources))

    @property
    def first_at(self) -> datetime:
        """When its first article appeared."""
        return self.articles[0].published_at

    @property
    def last_at(self) -> datetime:
        """When its last article appeared."""
        return self.articles[-1].published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence of the week that was printed before."""

    text: str
    language: str | None
    times: int  # appearances before the week
    first_at: datetime
    first_source: str  # the outlet's name
    first_publisher: PublisherKind  # its kind
    first_url: str
    years: Mapping[int, int] = field(default_factory=dict, hash=False)  # year → appearances in it
    is_quotation: bool = False  # several texts have it as somebody's speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A term that is more frequent in the week than in the baseline."""

    term: str  # the most frequent real form
    language: str | None
    articles: int  # distinct texts of the week that use it
    keyness: float  # log-likelihood, signed
    search: str = ""  # the query that finds the articles with any of its forms
    context: "Sentence | None" = None  # where it stands in the week; None: nothing is quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence quoted from an article."""

    text: str
    article: ArchivedArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySummary:
    """A story as the digest tells it."""

    story: Story
    headline: Sentence
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of the week beside the same number of other weeks."""

    name: str
    value: int
    last_week: int | None = None  # None: the archive does not reach back
    last_year: int | None = None  # the same week of the holiday a year before
    #: The same week of the holiday in all earlier years that are known, newest first.
    earlier: tuple[tuple[Week, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonCounts:
    """One year's season of the holiday, as far as it had come when the week ended."""

    label: str  # "2024–25"
    first: date
    per_day: tuple[int, ...]  # articles of each day from ``first`` on
    is_whole: bool = True  # False: it went on after the week

    @property
    def articles(self) -> int:
        """All its articles."""
        return sum(self.per_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What some outlets give as the answer."""

    value: str  # "1991", "50 million"
    articles: tuple[ArchivedArticle, ...]  # one of each outlet, by publication


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedFact:
    """A plain fact of which the week's outlets give different figures or years."""

    about: str  # the thing asked for; a known one is named in the page's language
    claims: tuple[Claim, ...]  # two at least, the one of most outlets first


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLink:
    """An article as a list names it."""

    url: str
    title: str
    outlet: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What changed in the digest of a week after it was published."""

    number: int  # 2 for the first change
    as_of: datetime  # see `Digest`
    added: tuple[ArticleLink, ...]
    withdrawn: tuple[ArticleLink, ...]
    figures: tuple[tuple[str, int, int], ...]  # name, before, after: those that changed


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What the week's runs got from one source."""

    source_id: str
    name: str
    polls: int
    failures: int
    fresh: int = 0  # addresses that it named for the first time
    last_success_at: datetime | None
    reason: str = ""  # of the last failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a digest was made and what it cannot show."""

    version: str
    sources_hash: str
    sources_asked: int
    failing: tuple[SourceHealth, ...]
    silent: tuple[SourceHealth, ...]  # asked, answered, nothing new
    addresses_seen: int
    outcomes: Mapping[Outcome, int]  # adds up to addresses_seen
    reasons: Mapping[str, int]  # of the rejected and failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A week, ready to be rendered."""

    week: Week
    topic: str
    time_zone: str
    headline: str
    figures: tuple[Figure, ...]
    stories: tuple[StorySummary, ...]
    recycled_share: float | None  # 0–1 of the words of the texts compared; None: no words
    passages: tuple[Passage, ...]
    per_day: tuple[tuple[date, int], ...]
    per_publisher: tuple[tuple[PublisherKind, int], ...]
    per_language: tuple[tuple[str, int], ...]
    seasons: tuple[SeasonCounts, ...]  # oldest first
    keywords: tuple[Keyword, ...]
    mentions: tuple[ArchivedArticle, ...]
    method: Method
    made_from: Mapping[str, str] = field(default_factory=dict)  # number → query behind it
    disagreements: tuple[DisputedFact, ...] = ()
    is_first: bool = False  # the archive knows nothing of the time before the week
    texts_compared: int = 0  # distinct texts by which the recycled share goes
    passages_seen: int = 0  # how many came back, those left out here too
    language: str = "en"  # of its own words
    as_of: datetime | None = None  # the last that it knows of the week; None: nothing
    is_over: bool = True  # False: the archive was last filled before the week's end
    revisions: tuple[Revision, ...] = ()  # oldest first; empty: as first published
