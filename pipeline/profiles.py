"""What the address, the page and the entries of a new outlet tell of it.

Little of it is certain. A domain of a country may belong to an outlet elsewhere, and no
page says who stands behind it. So each key carries how it was found, and what was guessed
is named, for a person to look at.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pipeline.charsets import one_line
from pipeline.countries import ZONES, country_of
from pipeline.discovery import Answer, Origin, PageFacts
from pipeline.errors import ConfigError
from pipeline.languages import identify_language
from pipeline.model import Feed, FeedEntry, FeedKind, PublisherKind, Source
from pipeline.sources import LANGUAGES
from pipeline.text import fold
from pipeline.urls import host_of, is_homepage, key_of, same_site


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the operator says of the outlet; None or empty: to be found out."""

    id: str | None = None
    name: str | None = None
    publisher: str | None = None
    country: str | None = None
    languages: tuple[str, ...] = ()
    time_zone: str | None = None


def check_said(said: Said, *, taken: Collection[str] = ()) -> None:
    """Return if what the operator says can be used; ``taken`` are the ids of other sources.

    Raises:
        ConfigError: an option is wrong; the message names it.
    """
    if said.id is not None and not re.fullmatch(r"[a-z0-9_-]+", said.id):
        raise ConfigError(f"--id: not an id of a-z, 0-9, _ and -: {said.id!r}")
    if said.id in taken:
        raise ConfigError(f"--id: another source has it: {said.id!r}")
    if said.name is not None and not one_line(said.name):
        raise ConfigError("--name is empty")
    kinds = [kind.value for kind in PublisherKind]
    if said.publisher is not None and said.publisher not in kinds:
        raise ConfigError(f"--publisher: none of {', '.join(kinds)}: {said.publisher!r}")
    _check_place(said)


def _check_place(said: Said) -> None:
    if said.country is not None and not re.fullmatch("[A-Z]{2}", said.country):
        raise ConfigError(f"--country: not a code of ISO 3166-1 such as AZ: {said.country!r}")
    for code in said.languages:
        if code not in LANGUAGES:
            raise ConfigError(f"--language: not a code of ISO 639-1 such as az: {code!r}")
    try:
        ZoneInfo("UTC" if said.time_zone is None else said.time_zone)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f"--time-zone: none such as Asia/Baku: {said.time_zone!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An outlet as it can be written into sources.yaml."""

    source: Source
    found: Mapping[str, str]  # key of the entry → how its value was found

    @property
    def guessed(self) -> tuple[str, ...]:
        """The keys that a person should look at."""
        return tuple(key for key, how in self.found.items() if how.startswith("a guess"))


def describe_outlet(  # noqa: PLR0913 - all that tells of an outlet, each by its name
    answers: Sequence[Answer],
    facts: PageFacts,
    said: Said,
    *,
    page_url: str,
    zone: str,
    taken: Collection[str] = (),
) -> Described:
    """Return the outlet whose feeds are ``answers``.

    Args:
        answers: what is to be polled, at least one.
        facts: what its page says; nothing, if the search began at a feed.
        said: what the operator knows, which wins.
        page_url: where the search began, after redirects.
        zone: of an outlet whose country tells none.
        taken: ids of other sources.

    Raises:
        ConfigError: no language can be told.
    """
    homepage = _homepage(answers, page_url)
    name, named = _name(answers, facts, homepage)
    languages, recognised = _languages(answers, facts)
    country = said.country or country_of(homepage)
    local = ZONES.get(country or "")
    if not (said.languages or languages):
        raise ConfigError("no language can be told from what it lists; name it with --language az")
    source = Source(
        id=said.id or _new_id(homepage, taken),
        name=one_line(said.name or name),
        publisher=PublisherKind(said.publisher or PublisherKind.OTHER),
        country=country,
        languages=said.languages or languages,
        time_zone=said.time_zone or local or zone,
        homepage=homepage,
        feeds=tuple(_feed(answer, said) for answer in answers),
    )
    found = {
        "id": "from the host",
        "name": named,
        "publisher": "a guess: nothing tells it",
        "country": "a guess, from the host" if country else "not known",
        "languages": recognised,
        "time_zone": f"a guess, from {'the country' if local else 'the topic'}",
    }
    found |= {key: "as given" for key in found if getattr(said, key)}
    return Described(source=source, found=found)


def find_known(sources: Iterable[Source], *, url: str = "", feeds: Iterable[str] = ()) -> str:
    """Return why an outlet need not be added: one line that names the source; empty: it may be.

    Args:
        sources: those that are there.
        url: of any page or feed of the outlet; one on the site of a source is known. Feeds of
            many outlets stand on the sites of aggregators, which are not compared.
        feeds: addresses of feeds.
    """
    wanted = {key_of(feed): feed for feed in (*feeds, *filter(None, [url]))}
    for source in sources:
        for feed in source.feeds:
            if known := wanted.get(key_of(feed.url)):
                return f"{known} is there already: a feed of the source {source.id}"
    for source in sources:
        sites = [source.homepage] if source.homepage else [feed.url for feed in source.feeds]
        if url and not source.is_aggregator and any(same_site(url, site) for site in sites):
            return (
                f"{host_of(url)} is there already: the site of the source {source.id}; "
                "add the address to its feeds by hand"
            )
    return ""


# --- homepage, id, name ------------------------------------------------------


def _homepage(answers: Sequence[Answer], page_url: str) -> str:
    """Return the front page: of where the search began, or else of what the feed lists."""
    if is_homepage(page_url):
        return page_url
    if any(answer.candidate.origin is Origin.GIVEN for answer in answers):
        origins = Counter(_origin(entry.url) for entry in answers[0].reading.entries)
        for origin, count in origins.most_common(1):
            if 2 * count > origins.total():
                return origin
    return _origin(page_url)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _new_id(homepage: str, taken: Collection[str]) -> str:
    """Make an id of the host, as people would: the name of the site, with its domain if need be.

    >>> _new_id("https://www.jam-news.net/", ()), _new_id("https://news.az/", {"news"})
    ('jamnews', 'news_az')
    """
    name, *domain = (_letters(label) for label in _site_labels(host_of(homepage)))
    name = name or "source"
    candidates = [name, "_".join([name, *filter(None, domain)])]
    candidates += [f"{name}_{n}" for n in range(2, len(taken) + 3)]
    return next(one for one in candidates if one not in taken)


def _site_labels(host: str) -> list[str]:
    """Return the registered domain's labels; a numeric address is one label."""
    labels = host.split(".")
    if labels[-1].isdigit():
        return ["_".join(labels)]
    ends = (labels[n:] for n in range(len(labels) - 1, -1, -1))
    return next(end for end in ends if same_site(f"https://{'.'.join(end)}/", f"https://{host}/"))


def _letters(label: str) -> str:
    """Return a label of a host in letters of an id.

    >>> _letters("xn--xbr-dtbb"), _letters("oc-media")
    ('xeber', 'ocmedia')
    """
    if label.startswith("xn--"):
        label = label.removeprefix("xn--").encode().decode("punycode", "ignore")
    return re.sub("[^a-z0-9_]", "", fold(label))


#: Characters; the longest names of outlets that we read have 45.
_NAME_LENGTH = 80
#: What templates add to a feed's title.
_FEED_MARK = re.compile(
    r"^(?:rss|feed)\s*[:|»-]\s*|\s*(?:[:|»–-]\s*)?\b(?:rss|atom)?[ -]*(?:rss|feed|atom)\s*$",
    re.IGNORECASE,
)


def _name(answers: Sequence[Answer], facts: PageFacts, homepage: str) -> tuple[str, str]:
    """Return a name, and where it was read."""
    titles = [
        _FEED_MARK.sub("", one_line(answer.reading.title))
        for answer in answers
        if answer.kind is FeedKind.FEED
    ]
    claims = [(facts.site_name, "as the page says")]
    claims += [(title, "the title of the feed") for title in titles]
    claims += [(host_of(homepage).removeprefix("www."), "a guess, from the host")]
    return next((_short(one_line(name)), how) for name, how in claims if one_line(name))


def _short(name: str) -> str:
    if len(name) <= _NAME_LENGTH:
        return name
    return name[: _NAME_LENGTH - 1].rstrip() + "…"


# --- languages ---------------------------------------------------------------

#: Entries that are read for their language: the newest tell it, and a sitemap has thousands.
_READ = 100
#: Share of the entries from which a language is one of the outlet's; what is rarer is a
#: quotation or a headline misread.
_LEAST_SHARE = 0.2
#: Share from which a feed counts as being in one language.
_NEARLY_ALL = 0.9


def _languages(answers: Sequence[Answer], facts: PageFacts) -> tuple[tuple[str, ...], str]:
    """Return the languages of the outlet, the most frequent first, and how they were told."""
    counts = Counter[str]()
    for answer in answers:
        counts += _count_languages(answer.reading.entries, facts.language)
    found = tuple(
        code for code, count in counts.most_common() if count >= _LEAST_SHARE * counts.total()
    )
    if found:
        return found, f"recognised, entries: {counts.total()}"
    if facts.language in LANGUAGES:
        return (facts.language,), "as the page says"
    return (), "not told"


def _count_languages(entries: Sequence[FeedEntry], declared: str | None) -> Counter[str]:
    expected = (declared,) if declared in LANGUAGES else ()
    texts = (f"{entry.title}\n{entry.summary}" for entry in entries[:_READ])
    codes = (identify_language(text, expected=expected) for text in texts)
    return Counter(code for code in codes if code in LANGUAGES)


def _feed(answer: Answer, said: Said) -> Feed:
    counts = _count_languages(answer.reading.entries, None)
    nearly_all = [code for code, n in counts.items() if n >= _NEARLY_ALL * counts.total()]
    if said.languages:
        nearly_all = [code for code in nearly_all if code in said.languages]
    if len(said.languages) == 1:
        nearly_all = list(said.languages)
    language = nearly_all[0] if nearly_all else None
    return Feed(url=answer.url, kind=answer.kind or FeedKind.FEED, language=language)
