"""What tells of a new outlet, and how sure that is."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from pipeline.countries import ZONES, home_zone
from pipeline.discovery import Answer, Candidate, Origin, PageFacts
from pipeline.errors import ConfigError
from pipeline.model import Feed, FeedEntry, FeedKind, FeedReading, PublisherKind, Source
from pipeline.profiles import (
    Described,
    Said,
    check_said,
    describe_outlet,
    find_known,
)
from tests.fakes import NOW

AZ = "Dünya Azərbaycanlılarının Həmrəyliyi Günü limanda qeyd olundu"
RU = "В порту отметили день солидарности, сообщила администрация города"
EN = "The harbour choir sang on the evening of the holiday in the old hall"


def answer(
    url: str,
    titles: Sequence[str] = (AZ,),
    *,
    title: str = "",
    kind: FeedKind = FeedKind.FEED,
    origin: Origin = Origin.DECLARED,
    site: str = "",
) -> Answer:
    """A feed with such titles, whose entries lie on ``site``."""
    base = site or url.rpartition("/")[0]
    entries = tuple(
        FeedEntry(url=f"{base}/{n}", title=one, published_at=NOW) for n, one in enumerate(titles)
    )
    return Answer(
        candidate=Candidate(url=url, origin=origin),
        url=url,
        kind=kind,
        reading=FeedReading(entries=entries, title=title),
    )


FEED = answer("https://liman.az/rss", title="Liman qəzeti")
GIVEN = Candidate(url=FEED.url, origin=Origin.GIVEN)
OF_MANY_SITES = tuple(FeedEntry(url=f"https://{name}.example/1") for name in "abc")


def described(
    *answers: Answer,
    facts: PageFacts | None = None,
    said: Said | None = None,
    page_url: str = "https://liman.az/",
    taken: Sequence[str] = (),
) -> Described:
    return describe_outlet(
        answers or (FEED,),
        facts or PageFacts(),
        said or Said(),
        page_url=page_url,
        zone="Europe/Berlin",
        taken=taken,
    )


def test_an_outlet_is_described_with_how_each_key_was_found() -> None:
    facts = PageFacts(site_name="Liman", language="az")
    found = described(facts=facts)
    assert found.source == Source(
        id="liman",
        name="Liman",
        publisher=PublisherKind.OTHER,
        country="AZ",
        languages=("az",),
        time_zone="Asia/Baku",
        homepage="https://liman.az/",
        feeds=(Feed(url="https://liman.az/rss", language="az"),),
    )
    assert found.found == {
        "id": "from the host",
        "name": "as the page says",
        "publisher": "a guess: nothing tells it",
        "country": "a guess, from the host",
        "languages": "recognised, entries: 1",
        "time_zone": "a guess, from the country",
    }
    assert found.guessed == ("publisher", "country", "time_zone")


def test_what_the_operator_says_wins() -> None:
    said = Said(
        id="bay",
        name=" Bay\n",
        publisher="independent",
        country="TR",
        languages=("tr", "az"),
        time_zone="UTC",
    )
    found = described(said=said)
    source = found.source
    assert (source.id, source.name, source.publisher) == ("bay", "Bay", PublisherKind.INDEPENDENT)
    assert (source.country, source.languages, source.time_zone) == ("TR", ("tr", "az"), "UTC")
    assert source.feeds[0].language == "az"
    assert set(found.found.values()) == {"as given"}
    assert found.guessed == ()


def test_a_given_country_tells_the_zone_and_a_given_language_that_of_the_feeds() -> None:
    source = described(said=Said(country="TR", languages=("ru",))).source
    assert (source.time_zone, source.feeds[0].language) == ("Europe/Istanbul", "ru")


# --- id and homepage ---------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "taken", "identifier"),
    [
        ("https://www.liman.az/", [], "liman"),
        ("https://en.liman.com.tr/", [], "liman"),
        ("https://news.az/", ["news"], "news_az"),
        ("https://news.com.tr/", ["news"], "news_com_tr"),
        ("https://news.az/", ["news", "news_az", "news_2"], "news_3"),
        ("https://oc-liman.org/", [], "ocliman"),
        ("https://liman.gov.az/", [], "liman"),
        ("https://liman.wordpress.com/", [], "liman"),
        ("https://xəbər.example/", [], "xeber"),
        ("https://новости.рф/", [], "source"),
        ("https://новости.рф/", ["source"], "source_2"),
        ("http://127.0.0.2:8800/", [], "127_0_0_2"),
        ("http://localhost:8800/", [], "localhost"),
    ],
)
def test_an_id_is_made_of_the_host(url: str, taken: list[str], identifier: str) -> None:
    assert described(page_url=url, taken=taken).source.id == identifier


@pytest.mark.parametrize(
    ("answers", "page_url", "homepage"),
    [
        ([FEED], "https://liman.az/az/", "https://liman.az/az/"),
        ([FEED], "https://liman.az/az/diaspor?page=1", "https://liman.az/"),
        (
            [answer("https://burner.example/liman", site="https://liman.az", origin=Origin.GIVEN)],
            "https://burner.example/liman",
            "https://liman.az/",
        ),
        (
            [replace(FEED, candidate=GIVEN, reading=FeedReading(entries=OF_MANY_SITES))],
            "https://liman.az/rss",
            "https://liman.az/",
        ),
        (
            [answer("https://liman.az/rss", [], origin=Origin.GIVEN)],
            "https://liman.az/rss",
            "https://liman.az/",
        ),
    ],
)
def test_the_homepage(answers: list[Answer], page_url: str, homepage: str) -> None:
    found = described(*answers, page_url=page_url, said=Said(languages=("az",)))
    assert found.source.homepage == homepage


# --- name --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("site_name", "title", "name"),
    [
        ("", "Liman qəzeti", "Liman qəzeti"),
        ("", "Liman » Feed", "Liman"),
        ("", "RSS: Liman", "Liman"),
        ("", "Liman - RSS Feed", "Liman"),
        ("", "Liman RSS", "Liman"),
        ("", "RSS", "www2.liman.az"),
        ("", "", "www2.liman.az"),
        ("  \u202e ", "", "www2.liman.az"),
        ("Li\u202eman\x07\nqəzeti", "x", "Liman qəzeti"),
        ("x" * 300, "", "x" * 79 + "…"),
    ],
)
def test_a_name_is_short_and_on_one_line(site_name: str, title: str, name: str) -> None:
    found = described(
        answer("https://liman.az/rss", title=title),
        facts=PageFacts(site_name=site_name),
        page_url="https://www2.liman.az/",
    )
    assert found.source.name == name
    assert ("name" in found.guessed) == (name == "www2.liman.az")


def test_the_title_of_a_section_page_is_no_name() -> None:
    page = answer("https://liman.az/az", title="Siyasət xəbərləri", kind=FeedKind.LISTING)
    assert described(page).source.name == "liman.az"


# --- languages ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "declared", "languages", "of_the_feed"),
    [
        ([AZ] * 10, None, ("az",), "az"),
        ([RU] * 3 + [AZ] * 7, None, ("az", "ru"), None),
        ([AZ] * 9 + [RU], None, ("az",), "az"),
        ([AZ] * 8 + [RU], "ru", ("az",), None),
        (["31", ""], "tr", ("tr",), None),
        ([], "az", ("az",), None),
    ],
)
def test_languages_are_recognised(
    titles: list[str], declared: str | None, languages: tuple[str, ...], of_the_feed: str | None
) -> None:
    facts = PageFacts(language=declared)
    source = described(answer("https://liman.az/rss", titles), facts=facts).source
    assert source.languages == languages
    assert source.feeds[0].language == of_the_feed


def test_feeds_by_language_add_up() -> None:
    source = described(
        answer("https://liman.az/az/rss", [AZ] * 3), answer("https://liman.az/ru/rss", [RU] * 2)
    ).source
    assert source.languages == ("az", "ru")
    assert [feed.language for feed in source.feeds] == ["az", "ru"]


def test_where_no_language_can_be_told_the_operator_is_asked() -> None:
    with pytest.raises(ConfigError, match="--language az"):
        described(answer("https://liman.az/map.xml", [""]), facts=PageFacts(language="xx"))


# --- country and zone --------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "country", "zone"),
    [
        ("liman.com.tr", "TR", "Europe/Istanbul"),
        ("liman.co.uk", "GB", "Europe/London"),
        ("порт.рф", "RU", "Europe/Moscow"),
        ("liman.tv", None, "Europe/Berlin"),
        ("liman.ws", None, "Europe/Berlin"),
        ("liman.org", None, "Europe/Berlin"),
        ("127.0.0.2", None, "Europe/Berlin"),
    ],
)
def test_country_and_zone(host: str, country: str | None, zone: str) -> None:
    source = described(page_url=f"https://{host}/").source
    assert (source.country, source.time_zone) == (country, zone)
    assert home_zone(f"https://{host}/rss") == (zone if country else None)


def test_all_zones_are_there() -> None:
    assert all(ZoneInfo(zone).key == zone for zone in ZONES.values())


# --- what is there already ---------------------------------------------------


def source(name: str, feed: str, homepage: str | None = None, kind: str = "private") -> Source:
    return Source(
        id=name,
        name=name,
        publisher=PublisherKind(kind),
        languages=("az",),
        time_zone="UTC",
        homepage=homepage,
        feeds=(Feed(url=feed),),
    )


THERE = [
    source("liman", "https://burner.example/liman", "https://www.liman.az/"),
    source("port", "http://port.az/rss/"),
    source("search", "https://news.search.example/rss?q=a", "https://search.example", "aggregator"),
    source("odd", "http://[::1/rss", "https://odd.example"),
]


@pytest.mark.parametrize(
    ("url", "feeds", "said"),
    [
        ("https://liman.az/", [], "liman.az is there already: the site of the source liman;"),
        ("http://ru.liman.az/x", [], "ru.liman.az is there already: the site of the source liman;"),
        ("https://port.az/", [], "port.az is there already: the site of the source port;"),
        ("http://burner.example/liman", [], "a feed of the source liman"),
        ("https://x.example/", ["https://www.port.az/rss"], "a feed of the source port"),
        ("https://burner.example/other", ["https://burner.example/other"], ""),
        ("https://news.search.example/rss?q=b", [], ""),
        ("https://news.search.example/rss?q=a", [], "a feed of the source search"),
        ("", ["https://port.az/other"], ""),
    ],
)
def test_an_outlet_that_is_there_already_is_named(url: str, feeds: list[str], said: str) -> None:
    known = find_known(THERE, url=url, feeds=feeds)
    assert said in known
    assert bool(known) == bool(said)


# --- what the operator says --------------------------------------------------


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Said(id="The Bay"), "--id: not an id of a-z, 0-9, _ and -: 'The Bay'"),
        (Said(id=""), "--id: not an id"),
        (Said(id="liman"), "--id: another source has it: 'liman'"),
        (Said(name=" \n"), "--name is empty"),
        (Said(publisher="blog"), "--publisher: none of state agency, government, "),
        (Said(country="AZE"), "--country: not a code of ISO 3166-1 such as AZ: 'AZE'"),
        (Said(languages=("az", "aze")), "--language: not a code of ISO 639-1 such as az: 'aze'"),
        (Said(time_zone="Baku"), "--time-zone: none such as Asia/Baku: 'Baku'"),
        (Said(time_zone="../etc"), "--time-zone: none such as Asia/Baku: '../etc'"),
        (Said(time_zone=""), "--time-zone"),
    ],
)
def test_a_wrong_option_is_named(said: Said, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        check_said(said, taken={"liman"})
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_right_options_pass() -> None:
    check_said(Said(), taken={"liman"})
    check_said(
        Said(id="bay-1", name="B", publisher="party", country="NO", languages=("no",)), taken={"b"}
    )
    check_said(Said(time_zone="Asia/Baku"))


def test_english_entries_of_an_azerbaijani_page() -> None:
    source = described(answer("https://liman.az/en/rss", [EN]), facts=PageFacts(language="az"))
    assert source.source.languages == ("en",)
