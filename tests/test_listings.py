"""Section pages and sitemaps as they are: each folder of cases/listings is one of them."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import listings
from pipeline.listings import parse_listing, parse_sitemap
from pipeline.model import (
    Feed,
    FeedEntry,
    FeedKind,
    FeedReading,
    Page,
    ParseContext,
    Reason,
    Rejection,
    Selectors,
)

CASES = Path(__file__).parent / "cases" / "listings"
FOLDERS = sorted(folder.name for folder in CASES.iterdir())
BAKU = ZoneInfo("Asia/Baku")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
URL = "https://example.org/az/xeberler"


def read(
    body: bytes,
    *,
    kind: FeedKind,
    url: str = URL,
    languages: tuple[str, ...] = (),
    language: str | None = None,
    most: int = 1_000,
    selectors: dict[str, str] | None = None,
) -> FeedReading | Rejection:
    page = Page(url=url, final_url=url, status=200, headers={}, body=body, fetched_at=NOW)
    chosen = Selectors(**selectors) if selectors else None
    feed = Feed(url=url, kind=kind, language=language, selectors=chosen)
    parse = parse_sitemap if kind is FeedKind.SITEMAP else parse_listing
    return parse(page, feed, ParseContext(languages=languages, zone=BAKU, now=NOW, most=most))


def body_of(case: str) -> tuple[bytes, FeedKind]:
    file = next(path for path in (CASES / case).iterdir() if path.name != "expected.json")
    kind = FeedKind.SITEMAP if file.name.startswith("sitemap") else FeedKind.LISTING
    return file.read_bytes(), kind


def told(entry: FeedEntry) -> dict[str, str]:
    published = entry.published_at.isoformat() if entry.published_at else None
    fields = {
        "url": entry.url,
        "title": entry.title,
        "published_at": published,
        "language": entry.language,
    }
    return {name: value for name, value in fields.items() if value}


@pytest.mark.parametrize("case", FOLDERS)
def test_a_page_is_read_as_expected(case: str) -> None:
    expected: dict[str, Any] = json.loads((CASES / case / "expected.json").read_text("utf-8"))
    given_here = expected.pop("given", {})
    given_here["languages"] = tuple(given_here.get("languages", ()))
    body, kind = body_of(case)
    reading = read(body, kind=kind, **given_here)
    if isinstance(reading, Rejection):
        assert {"rejected": reading.reason.name, "detail": reading.detail} == expected
        return
    assert {
        "title": reading.title,
        "truncated": reading.truncated,
        "more": list(reading.more),
        "entries": [told(entry) for entry in reading.entries],
        "rejections": [[rejection.reason.name, rejection.url] for rejection in reading.rejections],
    } == expected


def test_links_after_the_cap_are_counted() -> None:
    reading = read(body_of("section")[0], kind=FeedKind.LISTING, most=1, language="az")
    assert isinstance(reading, FeedReading)
    assert [entry.language for entry in reading.entries] == ["az"]
    assert [rejection.reason for rejection in reading.rejections] == [Reason.TOO_MANY] * 3


def test_of_a_sitemap_beyond_the_cap_the_newest_are_read() -> None:
    reading = read(body_of("sitemap")[0], kind=FeedKind.SITEMAP, most=3)
    assert isinstance(reading, FeedReading)
    assert [entry.url.rpartition("?")[0][-2:] for entry in reading.entries] == ["/3", "/2"]
    reasons = [rejection.reason for rejection in reading.rejections]
    assert reasons == [Reason.BAD_ADDRESS] + [Reason.TOO_MANY] * 4


def test_a_page_of_ten_thousand_links_is_read_in_part() -> None:
    links = "".join(
        f'<a href="/n/{n}">Headline number {n} of the long page</a>' for n in range(10_000)
    )
    reading = read(f"<html><body>{links}</body></html>".encode(), kind=FeedKind.LISTING, most=10)
    assert isinstance(reading, FeedReading)
    assert len(reading.entries) == 10
    assert len(reading.rejections) == listings._LINKS - 10


def test_a_sitemap_does_not_unpack_without_end() -> None:
    bomb = gzip.compress(b" " * (listings._SITEMAP_BYTES + 1))
    assert len(bomb) < 100_000
    reading = read(bomb, kind=FeedKind.SITEMAP)
    assert reading == Rejection(url=URL, reason=Reason.EMPTY, detail="an empty body")


CARD = '<li><a href="/n/{n}">Headline {n}</a> <i>31 12 2025</i></li>'
CARDS = "<ul>" + "".join(CARD.format(n=n) for n in range(6)) + "</ul>"
USUAL = {"item": "li", "link": "a", "title": "a", "date": "i", "date_pattern": "%d %m %Y"}


@pytest.mark.parametrize("name", ["item", "link", "title", "date"])
def test_a_selector_that_matches_nothing_is_named(name: str) -> None:
    reading = read(CARDS.encode(), kind=FeedKind.LISTING, selectors=USUAL | {name: ".gone > b"})
    assert isinstance(reading, Rejection)
    assert reading.reason is Reason.NOT_A_FEED
    assert f" {name}: .gone > b:" in reading.detail


def test_a_selector_may_match_in_some_cards_only() -> None:
    page = CARDS.replace("<i>31 12 2025</i>", "", 5)
    reading = read(page.encode(), kind=FeedKind.LISTING, selectors=USUAL)
    assert isinstance(reading, FeedReading)
    assert [entry.published_at for entry in reading.entries[:5]] == [None] * 5
    assert reading.entries[5].published_at == datetime(2025, 12, 31, tzinfo=BAKU)


def test_cards_after_the_cap_are_counted() -> None:
    reading = read(
        CARDS.encode(), kind=FeedKind.LISTING, selectors=USUAL, most=2, language="en", languages=()
    )
    assert isinstance(reading, FeedReading)
    assert [(entry.title, entry.language) for entry in reading.entries] == [
        ("Headline 0", "en"),
        ("Headline 1", "en"),
    ]
    assert [(rejection.reason, rejection.url[-1]) for rejection in reading.rejections] == [
        (Reason.TOO_MANY, n) for n in "2345"
    ]


def test_a_page_of_thousands_of_cards_is_read_in_part() -> None:
    reading = read((CARDS * 900).encode(), kind=FeedKind.LISTING, selectors=USUAL, most=10)
    assert isinstance(reading, FeedReading)
    assert len(reading.entries) + len(reading.rejections) == listings._LINKS


def test_cards_in_a_trap_of_nested_elements_are_not_looked_for() -> None:
    page = "<div>" * 20_000 + CARDS
    reading = read(page.encode(), kind=FeedKind.LISTING, selectors=USUAL | {"item": "main li"})
    assert reading == Rejection(url=URL, reason=Reason.TOO_DEEP)


def test_a_moment_in_the_future_is_none_in_a_card_as_well() -> None:
    page = CARDS.replace("31 12 2025", "31 12 2026")
    reading = read(page.encode(), kind=FeedKind.LISTING, selectors=USUAL)
    assert isinstance(reading, FeedReading)
    assert {entry.published_at for entry in reading.entries} == {None}


def test_selectors_are_for_a_page_with_text_only() -> None:
    reading = read(b" ", kind=FeedKind.LISTING, selectors=USUAL)
    assert reading == Rejection(url=URL, reason=Reason.EMPTY, detail="an empty body")


def test_a_link_that_is_too_long_to_be_filed_costs_only_itself() -> None:
    links = '<a href="/n/1">A headline that is long enough</a>'
    # One character longer with the s of https, and with it beyond what is filed.
    long = "http://example.org/n/".ljust(2_048, "1")
    page = f'<body>{links}<a href="{long}">Another headline that is long enough</a></body>'
    reading = read(page.encode(), kind=FeedKind.LISTING)
    assert isinstance(reading, FeedReading)
    assert [entry.url for entry in reading.entries] == ["https://example.org/n/1"]


def test_what_repeats_on_a_page_of_days_is_one_entry() -> None:
    day = "".join(
        f'<h4>{n} December</h4><a href="/n/7?utm_source=day{n}">The day was marked in Baku</a>'
        for n in (29, 30, 31)
    )
    calendar = "".join(f'<a href="/archive/2025/12/{n}">{n}</a>' for n in range(1, 32))
    pages = "".join(f'<a href="/news/page/{n}">{n}</a>' for n in range(1, 900))
    page = f"<body>{day}{calendar}{pages}</body>"
    reading = read(page.encode(), kind=FeedKind.LISTING)
    assert isinstance(reading, FeedReading)
    assert [entry.url for entry in reading.entries] == ["https://example.org/n/7?utm_source=day29"]


WITH_SELECTORS = ["cards", "cards-are-links", "cards-without-year"]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(WITH_SELECTORS),
    st.integers(0, 1_500),
    st.one_of(st.binary(max_size=20), st.sampled_from([b"<?xml ?>", b"<!--", b"<base href=x:y>"])),
)
def test_no_damage_makes_the_cards_raise(case: str, place: int, damage: bytes) -> None:
    body, kind = body_of(case)
    given_here = json.loads((CASES / case / "expected.json").read_text("utf-8"))["given"]
    broken = body[:place] + damage + body[place + len(damage) :]
    assert isinstance(read(broken, kind=kind, **given_here), FeedReading | Rejection)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(FOLDERS), st.integers(0, 1_500), st.binary(max_size=20))
def test_no_damage_makes_it_raise(case: str, place: int, damage: bytes) -> None:
    body, kind = body_of(case)
    for broken in (body[:place] + damage + body[place + len(damage) :], body[:place] + damage):
        assert isinstance(read(broken, kind=kind), FeedReading | Rejection)
