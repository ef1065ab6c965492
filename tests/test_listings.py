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
from pipeline.model import Feed, FeedEntry, FeedKind, FeedReading, Page, Reason, Rejection

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
) -> FeedReading | Rejection:
    page = Page(url=url, final_url=url, status=200, headers={}, body=body, fetched_at=NOW)
    feed = Feed(url=url, kind=kind, language=language)
    parse = parse_sitemap if kind is FeedKind.SITEMAP else parse_listing
    return parse(page, feed, languages=languages, zone=BAKU, now=NOW, most=most)


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


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(FOLDERS), st.integers(0, 1_500), st.binary(max_size=20))
def test_no_damage_makes_it_raise(case: str, place: int, damage: bytes) -> None:
    body, kind = body_of(case)
    for broken in (body[:place] + damage + body[place + len(damage) :], body[:place] + damage):
        assert isinstance(read(broken, kind=kind), FeedReading | Rejection)
