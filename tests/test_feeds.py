"""Feeds as they are: each folder of cases/feeds is one way in which a feed is or breaks."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import feeds
from pipeline.feeds import parse_feed
from pipeline.model import Feed, FeedEntry, FeedReading, Page, ParseContext, Reason, Rejection

CASES = Path(__file__).parent / "cases" / "feeds"
FOLDERS = sorted(folder.name for folder in CASES.iterdir())
BAKU = ZoneInfo("Asia/Baku")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
URL = "https://example.org/rss.xml"


def read(
    body: bytes,
    *,
    url: str = URL,
    content_type: str = "",
    languages: tuple[str, ...] = (),
    most: int = 1_000,
    feed: Feed | None = None,
) -> FeedReading | Rejection:
    headers = {"content-type": content_type} if content_type else {}
    page = Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=NOW)
    asked = feed or Feed(url=url)
    context = ParseContext(languages=languages, zone=BAKU, now=NOW, most=most)
    return parse_feed(page, asked, context)


def body_of(case: str) -> bytes:
    return next((CASES / case).glob("feed.*")).read_bytes()


def told(entry: FeedEntry) -> dict[str, str]:
    """Return what the entry says, without what it does not say."""
    published = entry.published_at.isoformat() if entry.published_at else None
    fields = {
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "published_at": published,
        "guid": entry.guid,
        "language": entry.language,
        "publisher": entry.publisher,
        "publisher_url": entry.publisher_url,
    }
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("case", FOLDERS)
def test_a_feed_is_read_as_expected(case: str) -> None:
    expected: dict[str, Any] = json.loads((CASES / case / "expected.json").read_text("utf-8"))
    given_here = expected.pop("given", {})
    given_here["languages"] = tuple(given_here.get("languages", ()))
    reading = read(body_of(case), **given_here)
    if isinstance(reading, Rejection):
        assert {"rejected": reading.reason.name, "detail": reading.detail} == expected
        return
    assert {
        "title": reading.title,
        "truncated": reading.truncated,
        "entries": [told(entry) for entry in reading.entries],
        "rejections": [[rejection.reason.name, rejection.url] for rejection in reading.rejections],
    } == expected


def test_items_after_the_cap_are_counted_and_not_read() -> None:
    items = "".join(f"<item><title>{n}</title><link>/n/{n}</link></item>" for n in range(10_000))
    reading = read(f"<rss><channel>{items}</channel></rss>".encode(), most=20)
    assert isinstance(reading, FeedReading)
    assert [entry.url for entry in reading.entries] == [
        f"https://example.org/n/{n}" for n in range(20)
    ]
    assert len(reading.rejections) == 9_980
    assert reading.rejections[0] == Rejection(
        url="https://example.org/n/20", reason=Reason.TOO_MANY
    )


def test_items_of_a_json_feed_after_the_cap_are_counted() -> None:
    reading = read(body_of("json-feed"), most=1)
    assert isinstance(reading, FeedReading)
    assert len(reading.entries) == 1
    assert {rejection.reason for rejection in reading.rejections} == {Reason.TOO_MANY}
    assert len(reading.rejections) == 4


def test_the_configured_language_is_that_of_every_entry() -> None:
    reading = read(
        body_of("language-declared"), languages=("az", "ru"), feed=Feed(url=URL, language="az")
    )
    assert isinstance(reading, FeedReading)
    assert {entry.language for entry in reading.entries} == {"az"}


SYNDICATION = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
ITEM = "<item><title>a</title><link>/1</link></item>"


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("", None),
        ("<ttl>60</ttl>", 60),
        ("<ttl> 5\n</ttl>", 5),
        ("<ttl>10080</ttl>", 7 * 24 * 60),
        ("<ttl>10081</ttl>", 7 * 24 * 60),
        ("<ttl>999999999</ttl>", 7 * 24 * 60),
        (f"<ttl>{'9' * 5000}</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>1.5</ttl>", None),
        ("<ttl>an hour</ttl>", None),
        ("<ttl>٦٠</ttl>", None),
        ("<ttl/>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<sy:updatePeriod>\n\tHourly\t</sy:updatePeriod>", 60),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            6 * 60,
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            None,
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>61</sy:updateFrequency>",
            None,
        ),
        ("<sy:updatePeriod>yearly</sy:updatePeriod>", 7 * 24 * 60),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
        ("<sy:updateFrequency>2</sy:updateFrequency>", None),
        ("<ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 30),
        ("<ttl>no</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60),
    ],
)
def test_how_long_a_feed_asks_to_be_left_alone(said: str, minutes: int | None) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    whole = f"<rss {SYNDICATION}><channel>{said}{ITEM}</channel></rss>"
    undeclared = f"<rss><channel>{said}{ITEM}</channel></rss>"
    broken = f"<rss {SYNDICATION}><channel>{said}{ITEM}<item><b></item></channel></rss>"
    for text in (whole, undeclared, broken):
        reading = read(text.encode())
        assert isinstance(reading, FeedReading)
        assert reading.time_to_live == expected, text[:200]


def test_what_has_no_such_word_does_not_ask() -> None:
    for case in ("json-feed", "atom", "rdf"):
        reading = read(body_of(case))
        assert isinstance(reading, FeedReading)
        assert reading.time_to_live is None


def test_an_item_that_feedparser_cannot_take_costs_only_itself() -> None:
    assert feeds._ask("<rss><channel><item><title>&#xD83D;</title></item></channel></rss>") is None


HOSTILE = "<item <entry><![CDATA[ ]]> <!-- --> &#xD83D; &amp;amp; <link>\x00</item></rss> <?x ?>"


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["rss-plain", "atom", "rdf", "json-feed", "bing-news", "hostile-titles"]),
    st.integers(min_value=0, max_value=2_000),
    st.one_of(st.binary(max_size=20), st.sampled_from([p.encode() for p in HOSTILE.split(" ")])),
)
def test_no_damage_makes_it_raise(case: str, place: int, damage: bytes) -> None:
    body = body_of(case)
    reading = read(body[:place] + damage + body[place + len(damage) :])
    assert isinstance(reading, FeedReading | Rejection)
    assert isinstance(read(body[:place] + damage), FeedReading | Rejection)


@pytest.mark.parametrize("case", ["rss-plain", "atom", "json-feed"])
def test_a_feed_cut_anywhere_gives_only_whole_items(case: str) -> None:
    body = body_of(case).rstrip()
    whole = read(body)
    assert isinstance(whole, FeedReading)
    for place in range(0, len(body) - 1, 11):
        cut = read(body[:place])
        if isinstance(cut, FeedReading):
            assert cut.truncated, body[:place][-60:]
            assert [e.url for e in cut.entries] == [e.url for e in whole.entries][
                : len(cut.entries)
            ]
