"""What a record or a saved page brings: a page, why there is none, or nothing to be counted."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.jobs.arrivals import (
    Arrived,
    Missed,
    arrival_of_record,
    arrival_of_saved,
    block_bytes,
    place_of,
)
from pipeline.model import Outcome, Page, Reason
from pipeline.store.crawls import SavedPage
from pipeline.store.records import Record, read_records
from tests.fakes import NOW
from tests.warc import HTML, reply

URL = "http://a.example/1"
BODY = b"<html><p>The lanterns of the pier"
SAVED_AT = datetime(2025, 6, 1, tzinfo=UTC)
MOST = 10_000
FAILED, REJECTED = Outcome.FAILED, Outcome.REJECTED


def arrived(folder: Path, record: bytes) -> Arrived | Missed | None:
    path = folder / "crawl.warc"
    path.write_bytes(record)
    [one] = read_records(path, most=block_bytes(MOST))
    assert isinstance(one, Record)
    return arrival_of_record(one, saved_at=SAVED_AT, now=NOW, max_bytes=MOST)


def page_of(arrival: Arrived | Missed | None) -> Page:
    assert isinstance(arrival, Arrived)
    return arrival.page


def test_a_page_of_a_crawl(tmp_path: Path) -> None:
    found = arrived(tmp_path, reply("HTTP://www.A.example/x y/?utm_source=a#top", BODY))
    assert isinstance(found, Arrived)
    page = found.page
    assert (found.key, page.url) == (
        "https://a.example/x%20y",
        "http://www.a.example/x%20y/?utm_source=a",
    )
    assert (page.status, page.body, page.final_url) == (200, BODY, page.url)
    assert page.fetched_at == datetime(2025, 12, 31, 18, 30, tzinfo=UTC)
    assert page.media_type == "text/html"


def test_a_document_without_a_reply_is_a_page(tmp_path: Path) -> None:
    record = reply(URL, BODY, kind="resource", status="", Content_Type="text/html")
    assert page_of(arrived(tmp_path, record)).body == BODY


@pytest.mark.parametrize(
    ("written", "fetched_at"),
    [
        ("2019-05-01T00:00:00Z", datetime(2019, 5, 1, tzinfo=UTC)),
        ("2019-05-01T00:00:00", datetime(2019, 5, 1, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", SAVED_AT),
        ("soon", SAVED_AT),
        ("2077-01-01T00:00:00Z", NOW),
    ],
)
def test_when_a_page_was_fetched(tmp_path: Path, written: str, fetched_at: datetime) -> None:
    record = reply(URL, BODY, date=written)
    assert page_of(arrived(tmp_path, record)).fetched_at == fetched_at


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "308 Moved", "304 Not Modified"])
def test_what_leads_elsewhere_is_not_counted(tmp_path: Path, status: str) -> None:
    assert arrived(tmp_path, reply(URL, b"", status=status)) is None


@pytest.mark.parametrize("target", ["dns:a.example", "ftp://a.example/1", "urn:pageinfo:1"])
def test_what_is_not_of_the_web_is_not_counted(tmp_path: Path, target: str) -> None:
    record = reply(target, b"x", kind="resource", status="", Content_Type="text/html")
    assert arrived(tmp_path, record) is None


@pytest.mark.parametrize(
    ("record", "outcome", "reason"),
    [
        (reply(URL, BODY, status="404 Not Found"), FAILED, Reason.NOT_FOUND),
        (reply(URL, BODY, status="503 Busy"), FAILED, Reason.SERVER_ERROR),
        (reply(URL, BODY, status="206 Partial"), FAILED, Reason.BAD_REPLY),
        (reply(URL, b"", headers=[("Content-Type", "image/png")]), REJECTED, Reason.NOT_HTML),
        (
            reply(URL, b"{}", kind="resource", status="", Content_Type="text/css"),
            REJECTED,
            Reason.NOT_HTML,
        ),
        (reply(URL, BODY, WARC_Truncated="length"), FAILED, Reason.TRUNCATED),
        (reply(URL, BODY, WARC_Segment_Number="2"), FAILED, Reason.TRUNCATED),
        (reply(URL, bytes(MOST + 1)), FAILED, Reason.TOO_LARGE),
        (reply(URL, bytes(block_bytes(MOST))), FAILED, Reason.TOO_LARGE),
        (reply(URL, BODY, headers=[*HTML, ("Content-Length", "99")]), FAILED, Reason.TRUNCATED),
        (reply("http:///1", BODY), REJECTED, Reason.BAD_ADDRESS),
        (reply("http://azertag/1", BODY), REJECTED, Reason.BAD_ADDRESS),
        (reply("http://[::1]/1", BODY), REJECTED, Reason.BAD_ADDRESS),
        (reply(URL, BODY).replace(b"WARC-Target-URI", b"X-Target"), REJECTED, Reason.BAD_ADDRESS),
        (reply(URL, BODY).replace(b"HTTP/1.1", b"SPDY/1.1"), FAILED, Reason.BAD_REPLY),
    ],
)
def test_why_there_is_no_page(
    tmp_path: Path, record: bytes, outcome: Outcome, reason: Reason
) -> None:
    found = arrived(tmp_path, record)
    assert isinstance(found, Missed)
    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.parametrize("written", ["", "a.example/1", "mailto:a@b.example", "https://", "#"])
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        place_of(written)


def test_the_address_within_a_link_of_an_aggregator() -> None:
    link = "https://www.google.com/url?q=https://a.example/1&sa=U"
    assert place_of(link).url == "https://a.example/1"


def saved(**more: object) -> SavedPage:
    facts = {"url": "https://a.example/1", "body": BODY, "is_whole": True, "damage": None}
    return SavedPage(**{**facts, **more})  # type: ignore[arg-type]


def test_a_saved_page() -> None:
    page = page_of(arrival_of_saved(saved(), "a.html", saved_at=SAVED_AT, now=NOW))
    assert (page.url, page.body, page.fetched_at) == ("https://a.example/1", BODY, SAVED_AT)


@pytest.mark.parametrize(
    ("page", "missed"),
    [
        (saved(url=None), Missed("a.html", REJECTED, Reason.BAD_ADDRESS)),
        (saved(url="https://localhost/1"), Missed("a.html", REJECTED, Reason.BAD_ADDRESS)),
        (saved(is_whole=False), Missed("https://a.example/1", FAILED, Reason.TOO_LARGE)),
    ],
)
def test_a_saved_page_that_cannot_be_taken_in(page: SavedPage, missed: Missed) -> None:
    assert arrival_of_saved(page, "a.html", saved_at=SAVED_AT, now=NOW) == missed
