"""sources.yaml: what it must hold, and where an error is."""

import math
import re
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import sources
from pipeline.errors import ConfigError
from pipeline.model import (
    ArticleSelectors,
    EntityKind,
    FactKind,
    Feed,
    FeedKind,
    Keep,
    Phrase,
    PublisherKind,
    Season,
    Selectors,
    Source,
)
from pipeline.patterns import parse_pattern
from pipeline.sources import parse_sources

LANGUAGES_OF_THE_TOPIC = {"az", "tr", "ru", "en", "fa", "de", "fr", "es", "uk", "ka", "ar"}

ROOT = Path(__file__).parents[1]
SHIPPED = (ROOT / "sources.yaml").read_text()
OTHER_HOLIDAY = (ROOT / "tests/cases/topic/other_holiday.yaml").read_text()

#: A small file that is right; the tests spoil one line of it.
GOOD = """\
topic:
  name: Lantern Day
  time_zone: Asia/Baku
  season:
    start: 12-15
    day: 12-31
    end: 01-10
  names:
    en:
      - lantern day*
sources:
  - id: one
    name: The One
    publisher: private
    country: NO
    languages: [no, en]
    time_zone: Europe/Oslo
    homepage: https://one.example
    feeds:
      - url: https://one.example/feed
        language: no
      - url: https://one.example/news
        kind: listing
  - id: two
    name: The Two
    publisher: state agency
    languages: [az]
    time_zone: Asia/Baku
    keep: all
    enabled: false
    feeds:
      - url: http://two.example:8080/map.xml
        kind: sitemap
"""


def error_of(text: str) -> str:
    with pytest.raises(ConfigError) as raised:
        parse_sources(text)
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_a_good_file_becomes_nouns() -> None:
    catalogue = parse_sources(GOOD)
    assert catalogue.topic.season == Season(start=(12, 15), day=(12, 31), end=(1, 10))
    assert catalogue.topic.names == (Phrase(language="en", pattern="lantern day*"),)
    assert catalogue.topic.notices == ()
    one, two = catalogue.sources
    assert one == Source(
        id="one",
        name="The One",
        publisher=PublisherKind.PRIVATE,
        country="NO",
        languages=("no", "en"),
        time_zone="Europe/Oslo",
        homepage="https://one.example",
        feeds=(
            Feed(url="https://one.example/feed", language="no"),
            Feed(url="https://one.example/news", kind=FeedKind.LISTING),
        ),
    )
    assert (two.keep, two.enabled, two.country) == (Keep.ALL, False, None)
    assert two.feeds[0].kind == FeedKind.SITEMAP


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        # keys
        ("    homepage:", "    homepaeg:", "18: sources[0].homepaeg: unknown key"),
        ("  name: Lantern Day\n", "", "1: topic.name: missing key"),
        ("    name: The Two\n", "", "24: sources[1].name: missing key"),
        ("sources:\n", "sourced:\n", "1: sources: missing key"),
        ("    name: The Two\n", "    name: A\n    name: B\n", "26: the key comes twice: 'name'"),
        ("    en:\n", "    e n:\n", "9: topic.names['e n']: not a language code"),
        ("    keep: all\n", '    "a\\nb": 1\n', "29: sources[1]['a\\nb']: unknown key"),
        ("    name: The Two\n", "    ? [a, b]\n    : c\n", "25: a key should be a text"),
        # types
        ("[az]", "az", "27: sources[1].languages: should be a list"),
        ("[az]", "[[az]]", "27: sources[1].languages[0]: should be a text"),
        ("[az]", "[]", "27: sources[1].languages: empty"),
        ("    name: The Two\n", "    name: {a: b}\n", "25: sources[1].name: should be a text"),
        ("    name: The Two\n", "    name:\n", "25: sources[1].name: empty"),
        ("enabled: false", "enabled: perhaps", "30: sources[1].enabled: should be true or false"),
        ("keep: all", "keep: some", "29: sources[1].keep: not one of 'topic' or 'all'"),
        ("kind: sitemap", "kind: map", "33: sources[1].feeds[0].kind: not one of 'feed', 'list"),
        ("state agency", "state", "26: sources[1].publisher: not one of 'state agency', "),
        ("      - lantern day*\n", "      a: b\n", "9: topic.names.en: should be a list"),
        ("    en:\n      - lantern day*\n", "    - a\n", "8: topic.names: should be a mapping"),
        ("    en:\n      - lantern day*\n", "    {}\n", "8: topic.names: empty"),
        # values
        ("http://two", "htp://two", "32: sources[1].feeds[0].url: not an http(s) address: 'htp:"),
        ("http://two.example:8080", "http://", "32: sources[1].feeds[0].url: not an http(s) add"),
        (":8080", ":80800", "32: sources[1].feeds[0].url: not an http(s) address"),
        ("two.example:8080", "'[::1'", "32: sources[1].feeds[0].url: not an http(s) address"),
        ("map.xml", "my map.xml", "32: sources[1].feeds[0].url: not an http(s) address"),
        ("https://one.example\n", "one.example\n", "18: sources[0].homepage: not an http(s) "),
        ("Europe/Oslo", "Europe/Olso", "17: sources[0].time_zone: not a time zone such as Asia"),
        ("Europe/Oslo", "Europe", "17: sources[0].time_zone: not a time zone"),
        ("Europe/Oslo", "../etc/passwd", "17: sources[0].time_zone: not a time zone"),
        ("[no, en]", "[no, nrw]", "16: sources[0].languages[1]: not a language code"),
        ("[no, en]", "[no, qq]", "16: sources[0].languages[1]: not a language code"),
        ("[no, en]", "[False, en]", "16: sources[0].languages[0]: not a language code"),
        ("        language: no", "        language: NO", "21: sources[0].feeds[0].language: not "),
        ("country: NO", "country: Norway", "15: sources[0].country: not a country code"),
        ("  - id: two", "  - id: Two!", "24: sources[1].id: not an id of a-z, 0-9, _ and -: 'Tw"),
        ("start: 12-15", "start: 15-12", "5: topic.season.start: not a month and day such as 12"),
        ("start: 12-15", "start: Dec 15", "5: topic.season.start: not a month and day"),
        ("end: 01-10", "end: 02-30", "7: topic.season.end: not a month and day"),
        ("day: 12-31", "day: 11-30", "4: topic.season: its day is not between its start and its"),
        ("lantern day*", "lantern-day", "10: topic.names.en[0]: not letters and digits"),
        ("lantern day*", "lantern *", "10: topic.names.en[0]: not letters and digits"),
        ("lantern day*", "lantern| day", "10: topic.names.en[0]: not letters and digits"),
        ("lantern day*", "lantern? day?", "10: topic.names.en[0]: a pattern needs a word that "),
        ("lantern day*", "''", "10: topic.names.en[0]: a pattern needs a word"),
        # what is said twice
        ("  - id: two", "  - id: one", "24: sources[1].id: used twice: 'one'"),
        (
            "http://two.example:8080/map.xml",
            "https://one.example/feed",
            "32: sources[1].feeds[0].url: already listed under one: 'https://one.example/feed'",
        ),
        # YAML
        ("    name: The Two\n", "\tname: The Two\n", "25: a tab: YAML indents with blanks"),
        ("[no, en]", "[no, en", "17: not YAML: while parsing a flow sequence: expected ',' or ']'"),
        (
            "name: The Two",
            "name: 'The Two",
            "34: not YAML: while scanning a quoted scalar: found unexpected end of stream",
        ),
        (
            "name: The Two",
            "name: @two",
            "25: not YAML: while scanning for the next token: found character '@' that cannot",
        ),
        ("The Two", "The\x00Two", "25: not YAML: special characters are not allowed"),
        ("\nsources:", "\n---\nsources:", "11: not YAML: expected a single document"),
        ("  - id: two", "  - *one", "24: an alias (*name): write the value out"),
    ],
)
def test_an_error_names_its_line(before: str, after: str, message: str) -> None:
    assert GOOD.count(before) == 1
    assert error_of(GOOD.replace(before, after)).startswith(f"sources.yaml:{message}")


#: The same with what few sources need; the tests spoil one line of it.
RARE = GOOD.replace(
    "        kind: listing\n",
    """\
        kind: listing
        selectors:
          item: article.card:not(.advert)
          link: h3 > a[href]
          title: h3
          date: "[class*=date i]"
          date_pattern: "%d %B %Y, %H:%M"
""",
).replace(
    "    enabled: false\n",
    """\
    enabled: false
    gap: 2.5
    user_agent: Mozilla/5.0 (compatible; solidarity-digest/0.1; +https://desk.example)
    verify_tls: false
""",
)


def test_what_few_sources_need_becomes_nouns() -> None:
    one, two = parse_sources(RARE).sources
    assert one.feeds[1].selectors == Selectors(
        item="article.card:not(.advert)",
        link="h3 > a[href]",
        title="h3",
        date="[class*=date i]",
        date_pattern="%d %B %Y, %H:%M",
    )
    assert (one.gap, one.user_agent, one.verify_tls) == (None, None, True)
    assert (two.gap, two.verify_tls) == (2.5, False)
    assert (
        two.user_agent == "Mozilla/5.0 (compatible; solidarity-digest/0.1; +https://desk.example)"
    )
    assert parse_sources(RARE).hash != parse_sources(GOOD).hash


def test_of_the_selectors_only_the_item_is_needed() -> None:
    few = re.sub(r"          (?!item).*\n", "", RARE)
    assert parse_sources(few).sources[0].feeds[1].selectors == Selectors(
        item="article.card:not(.advert)"
    )


#: The same with selectors of articles, old and new; the tests spoil one line of it.
READ = GOOD.replace(
    "    country: NO\n",
    """\
    country: NO
    article:
      - until: 2023-12-31
        text: td.body
      - until: 2024-02-29
      - title: h1
        text: .story
        remove: aside, .more
        byline: .author
        published: "time[datetime]"
""",
)


def test_selectors_of_articles_become_nouns() -> None:
    one, two = parse_sources(READ).sources
    assert one.article == (
        ArticleSelectors(until=date(2023, 12, 31), text="td.body"),
        ArticleSelectors(until=date(2024, 2, 29)),
        ArticleSelectors(
            title="h1",
            text=".story",
            remove="aside, .more",
            byline=".author",
            published="time[datetime]",
        ),
    )
    assert two.article == ()
    hashes = {parse_sources(text).hash for text in (GOOD, READ, READ.replace("h1", "h2"))}
    assert len(hashes) == 3


ALONE = GOOD.replace("    country: NO\n", "    article:\n      title: h1\n      text: .story\n")


def test_one_mapping_of_selectors_needs_no_list() -> None:
    assert parse_sources(ALONE).sources[0].article == (ArticleSelectors(title="h1", text=".story"),)


def test_the_readme_shows_an_entry_that_can_be_used() -> None:
    shown = (ROOT / "README.md").read_text("utf-8").split("## sources.yaml")[1]
    entry = re.findall(r"(?:^    .*\n)+", shown, re.MULTILINE)[0]
    head, _ = GOOD.split("sources:\n")
    [one] = parse_sources(f"{head}sources:\n{entry}").sources
    assert [each.until for each in one.article] == [date(2024, 6, 30), None]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("title: h1", "title: h1[", "16: sources[0].article.title: not a CSS selector: 'h1['"),
        ("title: h1", "titel: h1", "16: sources[0].article.titel: unknown key"),
        ("title: h1", "until: May", "16: sources[0].article.until: not a day such as 2024-12-31"),
        ("text: .story", "remove: p", "17: sources[0].article.remove: works within `text`, which"),
        ("\n      title: h1\n      text: .story", " h1", "15: sources[0].article: should be a map"),
        ("\n      title: h1\n      text: .story", " {}", "15: sources[0].article: empty"),
        ("\n      title: h1\n      text: .story", " []", "15: sources[0].article: empty"),
        ("\n      title: h1\n      text: .story", "", "15: sources[0].article: should be a map"),
    ],
)
def test_an_error_in_selectors_that_stand_alone_names_its_line(
    before: str, after: str, message: str
) -> None:
    assert ALONE.count(before) == 1
    assert error_of(ALONE.replace(before, after)).startswith(f"sources.yaml:{message}")


NO_DAY = "not a day such as 2024-12-31"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("2024-02-29", "2023-02-29", f"19: sources[0].article[1].until: {NO_DAY}: '2023-02-29'"),
        ("2024-02-29", "20240229", f"19: sources[0].article[1].until: {NO_DAY}: '20240229'"),
        ("2024-02-29", "2024-W09-4", f"19: sources[0].article[1].until: {NO_DAY}: '2024-W09-4'"),
        ("2024-02-29", "", f"19: sources[0].article[1].until: {NO_DAY}: ''"),
        ("2024-02-29", "[2024]", f"19: sources[0].article[1].until: {NO_DAY}: "),
        ("2024-02-29", "2023-12-31", "19: sources[0].article[1].until: not after the one before"),
        ("2024-02-29", "2023-01-01", "19: sources[0].article[1].until: not after the one before"),
        ("until: 2024-02-29", "title: h2", "19: sources[0].article[1]: without `until` it holds"),
        ("until: 2024-02-29", "{}", "19: sources[0].article[1]: empty"),
        ("until: 2024-02-29", "h2", "19: sources[0].article[1]: should be a mapping"),
        ("text: .story", "html: .story", "21: sources[0].article[2].html: unknown key"),
        ("        text: .story\n", "", "21: sources[0].article[2].remove: works within `text`"),
        (
            "aside, .more",
            "aside:contains(x)",
            "22: sources[0].article[2].remove: not a CSS selector that we take: 'aside:con",
        ),
        ("byline: .author", "byline:", "23: sources[0].article[2].byline: not a CSS selector: ''"),
        ("td.body", "td.", "18: sources[0].article[0].text: not a CSS selector: 'td.'"),
    ],
)
def test_an_error_in_selectors_of_articles_names_its_line(
    before: str, after: str, message: str
) -> None:
    assert READ.count(before) == 1
    assert error_of(READ.replace(before, after)).startswith(f"sources.yaml:{message}")


NO_GAP = "not a number of seconds from 0 to 3600"
NO_NAME = "must name the robot as solidarity-digest (RFC 9309, 2.2.1)"
NO_LINE = "not one line of printable ASCII up to 200 characters"
NO_PATTERN = "not a pattern of strptime with a day and a month such as %d.%m.%Y"
AGENT = "Mozilla/5.0 (compatible; solidarity-digest/0.1; +https://desk.example)"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("gap: 2.5", "gap: -1", f"37: sources[1].gap: {NO_GAP}: '-1'"),
        ("gap: 2.5", "gap: 3601", f"37: sources[1].gap: {NO_GAP}: '3601'"),
        ("gap: 2.5", "gap: nan", f"37: sources[1].gap: {NO_GAP}: 'nan'"),
        ("gap: 2.5", "gap: 1e3", f"37: sources[1].gap: {NO_GAP}: '1e3'"),
        ("gap: 2.5", "gap: two", f"37: sources[1].gap: {NO_GAP}: 'two'"),
        ("gap: 2.5", "gap:", f"37: sources[1].gap: {NO_GAP}: ''"),
        ("gap: 2.5", "gap: [2]", f"37: sources[1].gap: {NO_GAP}: "),
        ("verify_tls: false", "verify_tls: never", "39: sources[1].verify_tls: should be true or "),
        (AGENT, "Mozilla/5.0 (X11)", f"38: sources[1].user_agent: {NO_NAME}: 'Mozilla"),
        (AGENT, "not-solidarity-digest/1", f"38: sources[1].user_agent: {NO_NAME}"),
        (AGENT, "solidarity-digests/1", f"38: sources[1].user_agent: {NO_NAME}"),
        (AGENT, "", f"38: sources[1].user_agent: {NO_LINE}: ''"),
        (AGENT, '"solidarity-digest\\r\\nX: y"', f"38: sources[1].user_agent: {NO_LINE}"),
        (AGENT, "solidarity-digest/0.1 (həmrəylik)", f"38: sources[1].user_agent: {NO_LINE}"),
        (AGENT, "solidarity-digest " + "x" * 200, f"38: sources[1].user_agent: {NO_LINE}"),
        (AGENT, "[solidarity-digest]", "38: sources[1].user_agent: should be a text"),
        ("kind: listing", "kind: feed", "24: sources[0].feeds[1].selectors: only a feed with `kin"),
        ("        kind: listing\n", "", "23: sources[0].feeds[1].selectors: only a feed with `kin"),
        ("kind: listing", "kind: page", "23: sources[0].feeds[1].kind: not one of 'feed', 'list"),
        ("item: article", "card: article", "24: sources[0].feeds[1].selectors.item: missing key"),
        ("link: h3 > a[href]", "links: a", "26: sources[0].feeds[1].selectors.links: unknown key"),
        (
            "link: h3 > a[href]",
            'link: "h3 > a["',
            "26: sources[0].feeds[1].selectors.link: not a CSS selector: 'h3 > a[': Malformed attr",
        ),
        (
            "title: h3",
            "title: h3::before",
            "27: sources[0].feeds[1].selectors.title: not a CSS selector: 'h3::before': Pseudo-ele",
        ),
        (
            "title: h3",
            "title: h3:headline",
            "27: sources[0].feeds[1].selectors.title: not a CSS selector: 'h3:headline': ':headlin",
        ),
        (
            "title: h3",
            "title: h3:contains(a)",
            "27: sources[0].feeds[1].selectors.title: not a CSS selector that we take: 'h3:contai",
        ),
        (
            "title: h3",
            "title: " + "div " * 60,
            "27: sources[0].feeds[1].selectors.title: not a CSS selector that we take: 'div div",
        ),
        ("title: h3", "title:", "27: sources[0].feeds[1].selectors.title: not a CSS selector: ''"),
        (
            "%d %B %Y, %H:%M",
            "%H:%M",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "%d.%Y",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "%B %Y",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "%%d.%%m",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "%d.%m.%q",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "%d.%m %",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "%d.%m.%d",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
        (
            "%d %B %Y, %H:%M",
            "DD.MM.YYYY",
            f"29: sources[0].feeds[1].selectors.date_pattern: {NO_PATTERN}",
        ),
    ],
)
def test_an_error_in_what_few_sources_need_names_its_line(
    before: str, after: str, message: str
) -> None:
    assert RARE.count(before) == 1
    assert error_of(RARE.replace(before, after)).startswith(f"sources.yaml:{message}")


@given(st.text(alphabet="dmbBjyYHIpMSfzaAZxq%.,:/( \\[\n31ə", max_size=12))
def test_a_pattern_that_is_taken_can_be_used(pattern: str) -> None:
    try:
        sources._date_pattern(pattern)
    except ValueError:
        return
    written = datetime(2024, 2, 29, 13, 5, tzinfo=UTC).strftime(pattern)
    year = "" if "%y" in pattern.lower() else "2024 "
    read = datetime.strptime(year + written, ("%Y " if year else "") + pattern)  # noqa: DTZ007
    assert (read.month, read.day) == (2, 29)


@given(st.text(alphabet="ab.#[]='\"()*+~|^$!:,>-\\ \n0n@əhsnot", max_size=30))
def test_a_selector_is_taken_or_is_a_value_error(selector: str) -> None:
    try:
        told = sources._selector(selector)
    except ValueError as error:
        told = str(error)
    assert told == selector or told.startswith("not a CSS selector")
    assert told == selector or "\n" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1: empty"),
        ("# only a comment\n", "1: empty"),
        ("[" * 5000, "1: not usable: nested too deeply"),
        ("just words", "1: should be a mapping"),
        ("- a\n- b\n", "1: should be a mapping"),
    ],
)
def test_a_file_that_is_none(text: str, message: str) -> None:
    assert error_of(text) == f"sources.yaml:{message}"


def test_the_first_error_of_the_file_is_reported_under_its_name() -> None:
    spoilt = GOOD.replace("12-31", "13-31").replace("keep: all", "keep: most")
    with pytest.raises(ConfigError, match=r"^other\.yaml:6: topic\.season\.day: "):
        parse_sources(spoilt, name="other.yaml")


def test_a_long_value_is_cut_in_the_error() -> None:
    assert len(error_of(GOOD.replace("Europe/Oslo", "x" * 5000))) < 150


def test_the_hash_is_of_the_content_not_of_the_layout() -> None:
    plain = parse_sources(GOOD).hash
    assert re.fullmatch(r"[0-9a-f]{12}", plain)
    lines = [f"{line}  # why" for line in GOOD.splitlines()]
    assert parse_sources("\n\n".join(lines)).hash == plain
    assert parse_sources("\ufeff" + GOOD.replace("[az]", '["az"]')).hash == plain
    assert parse_sources(GOOD.replace("12-15", "12-16")).hash != plain


@pytest.mark.parametrize("pattern", ["day*?", "آذربایجانی‌های", "a|b*|c?", " two  words "])
def test_a_pattern_that_can_be_read(pattern: str) -> None:
    if pattern.endswith("?"):
        pattern += " word"
    assert len(parse_pattern(pattern)) <= 2


# --- the files themselves --------------------------------------------------


ENTITIES = """\
  entities:
    - id: town
      name: The Town
      kind: place
      spellings:
        en:
          - the? town*
        az: [şəhər*]
    - id: council
      name: The Council
      kind: body
      spellings:
        en:
          - council of the? town
          - council
"""
WITH_ENTITIES = GOOD.replace("sources:\n", ENTITIES + "sources:\n", 1)


def test_entities_are_read_with_their_spellings() -> None:
    town, council = parse_sources(WITH_ENTITIES).topic.entities
    assert (town.id, town.name, town.kind) == ("town", "The Town", EntityKind.PLACE)
    assert [(one.language, one.pattern) for one in town.spellings] == [
        ("en", "the? town*"),
        ("az", "şəhər*"),
    ]
    assert [one.pattern for one in council.spellings] == ["council of the? town", "council"]
    assert parse_sources(GOOD).topic.entities == ()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: place", "kind: town", "14: topic.entities[0].kind: not one of 'person', 'place'"),
        ("id: town", "id: The Town", "12: topic.entities[0].id: not an id of a-z"),
        ("      name: The Town\n", "", "12: topic.entities[0].name: missing key"),
        ("kind: body", "kind: body\n      note: x", "22: topic.entities[1].note: unknown key"),
        ("id: council", "id: town", "19: topic.entities[1].id: used twice: 'town'"),
        ("az: [şəhər*]", "xx: [şəhər*]", "18: topic.entities[0].spellings.xx: not a language code"),
        ("az: [şəhər*]", "az: []", "18: topic.entities[0].spellings.az: empty"),
        ("- the? town*", "- the? to*", "17: topic.entities[0].spellings.en[0]: too short to take"),
        ("- the? town*", "- the?", "17: topic.entities[0].spellings.en[0]: a pattern needs a word"),
        (
            "- the? town*",
            "- a? b? c? d? e? f? town",
            "17: topic.entities[0].spellings.en[0]: more than 5 words that may be missing",
        ),
        (
            "          - council\n",
            "          - the?   town*\n",
            "25: topic.entities[1].spellings.en[1]: already a spelling of town: 'the? town*'",
        ),
    ],
)
def test_an_error_in_an_entity_names_its_line(before: str, after: str, message: str) -> None:
    assert WITH_ENTITIES.count(before) == 1
    assert error_of(WITH_ENTITIES.replace(before, after)).startswith(f"sources.yaml:{message}")


def test_the_shipped_entities_are_of_all_kinds() -> None:
    entities = parse_sources(SHIPPED).topic.entities
    assert 25 <= len(entities) <= 45
    assert {entity.kind for entity in entities} == set(EntityKind)


FACTS = """\
  facts:
    - id: founded
      kind: year
      between: [1950, 2000]
      phrases:
        en: [0 ... day|date founded, day ... 0]
    - id: people
      kind: number
      unit: million
      phrases:
        az:
          - 0 milyon nəfər*
"""
WITH_FACTS = GOOD.replace("sources:\n", FACTS + "sources:\n", 1)


def test_facts_are_read_with_their_phrases() -> None:
    founded, people = parse_sources(WITH_FACTS).topic.facts
    assert (founded.id, founded.kind, founded.unit) == ("founded", FactKind.YEAR, "")
    assert [phrase.pattern for phrase in founded.phrases] == [
        "0 ... day|date founded",
        "day ... 0",
    ]
    assert (people.kind, people.unit) == (FactKind.NUMBER, "million")
    assert (founded.least, founded.most) == (1950, 2000)
    assert (people.least, people.most) == (0, math.inf)
    assert parse_sources(GOOD).topic.facts == ()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: year", "kind: date", "2: topic.facts[0].kind: not one of 'year' or 'number'"),
        ("[1950, 2000]", "1950", "3: topic.facts[0].between: should be two whole numbers"),
        ("[1950, 2000]", "[x, 2000]", "3: topic.facts[0].between: should be two whole numbers"),
        ("[1950, 2000]", "[2000, 1950]", "3: topic.facts[0].between: should begin with the small"),
        ("id: people", "id: founded", "6: topic.facts[1].id: used twice: 'founded'"),
        ("0 milyon", "5 milyon", "11: topic.facts[1].phrases.az[0]: needs one 0 for the year"),
        ("0 milyon", "0 0 milyon", "11: topic.facts[1].phrases.az[0]: needs one 0 for the year"),
        ("0 milyon nəfər*", "0 ...", "11: topic.facts[1].phrases.az[0]: needs a word on either"),
        ("0 milyon", "0 ... ... a", "11: topic.facts[1].phrases.az[0]: needs a word on either"),
        ("0 milyon nəfər*", "0 nəfər?", "11: topic.facts[1].phrases.az[0]: a pattern needs a word"),
        ("unit: million", "unit: ' '", "8: topic.facts[1].unit: empty"),
    ],
)
def test_an_error_in_a_fact_names_its_line(before: str, after: str, message: str) -> None:
    assert WITH_FACTS.count(before) == 1
    line, what = message.split(": ", 1)
    first = WITH_FACTS[: WITH_FACTS.index("    - id: founded")].count("\n")
    wrong = WITH_FACTS.replace(before, after)
    assert error_of(wrong).startswith(f"sources.yaml:{first + int(line)}: {what}")


def test_the_shipped_facts_are_told_in_the_main_languages() -> None:
    facts = parse_sources(SHIPPED).topic.facts
    languages = {"az", "tr", "ru", "en", "fa", "de", "fr"}
    assert [fact.id for fact in facts] == ["founded", "diaspora", "countries"]
    for fact in facts:
        assert {phrase.language for phrase in fact.phrases} == languages


def test_the_shipped_file_has_what_was_promised() -> None:
    catalogue = parse_sources(SHIPPED)
    assert catalogue.topic.time_zone == "Asia/Baku"
    assert catalogue.topic.season.day == (12, 31)
    assert {phrase.language for phrase in catalogue.topic.names} >= LANGUAGES_OF_THE_TOPIC
    kinds = Counter(source.publisher for source in catalogue.sources)
    assert kinds.total() - kinds[PublisherKind.AGGREGATOR] >= 40
    assert sum(source.enabled for source in catalogue.sources) >= 25
    search = [source for source in catalogue.sources if source.is_aggregator]
    assert {source.id for source in search if source.enabled} == {"bing_en", "gdelt"}


def test_every_shipped_address_has_its_evidence_above_it() -> None:
    """And only what was fetched or stands in living code is enabled."""
    evidence = re.findall(
        r"(?:^ +# (.*)\n)(?:^ +# .*\n)*^ +- url: \"?(\S+?)\"?$", SHIPPED, re.MULTILINE
    )
    told = {url: words for words, url in evidence}
    for source in parse_sources(SHIPPED).sources:
        for feed in source.feeds:
            assert re.match(r"fetched|in code|old code|a guess|the form", told[feed.url]), feed.url
            if source.enabled:
                assert re.match(r"fetched|in code", told[feed.url]), feed.url


def test_another_holiday_is_another_file() -> None:
    catalogue = parse_sources(OTHER_HOLIDAY)
    assert catalogue.topic.zone.key == "Europe/Oslo"
    assert catalogue.sources[0].languages == ("no", "se")
