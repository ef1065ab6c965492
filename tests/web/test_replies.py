from datetime import UTC, datetime, timedelta

import pytest

from pipeline.model import Reason
from pipeline.web.replies import (
    body_length,
    header_fields,
    lower_case_headers,
    reason_of,
    redirect_target,
    retry_at,
)

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Thu, 31 Dec 2026 12:05:00 GMT", 300),
        ("Thu, 31 Dec 2026 12:05:00", 300),
        ("Thu, 31 Dec 2026 16:05:00 +0400", 300),
        ("Thursday, 31-Dec-26 12:05:00 GMT", 300),  # RFC 850
        ("86400", 86_400),
        ("316800", 86_400),  # 88 hours, as seen
        ("999999999", 86_400),
        ("Fri, 31 Dec 2027 12:00:00 GMT", 86_400),
    ],
)
def test_retry_after_in_both_forms(value: str, seconds: int) -> None:
    assert retry_at(value, now=NOON) == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "0",
        "-1",
        "1.5",
        "soon",
        "9" * 5_000,
        "١٢٠",
        "Thu, 31 Dec 2026 11:59:59 GMT",
        "Thu, 99 Dec 2026 12:05:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
    ],
)
def test_rubbish_in_retry_after_is_no_moment(value: str | None) -> None:
    assert retry_at(value, now=NOON) is None


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, Reason.BAD_REPLY),
        (401, Reason.FORBIDDEN),
        (403, Reason.FORBIDDEN),
        (451, Reason.FORBIDDEN),
        (404, Reason.NOT_FOUND),
        (410, Reason.GONE),
        (408, Reason.TIMEOUT),
        (421, Reason.BAD_REPLY),
        (425, Reason.BAD_REPLY),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SERVER_ERROR),
        (503, Reason.SERVER_ERROR),
        (520, Reason.SERVER_ERROR),
        (526, Reason.SERVER_ERROR),
        (202, Reason.BAD_REPLY),
        (999, Reason.BAD_REPLY),
    ],
)
def test_the_reason_of_a_status(status: int, reason: Reason) -> None:
    assert reason_of(status, {}) is reason


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_riddle_for_browsers_is_a_refusal(status: int) -> None:
    assert reason_of(status, {"cf-mitigated": "challenge"}) is Reason.FORBIDDEN


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "http://a.example/b"),
        ("b?c=d", "http://a.example/news/b?c=d"),
        ("//b.example/c", "http://b.example/c"),
        ("https://b.example/c#comments", "https://b.example/c"),
        (" /b\r\n ", "http://a.example/b"),
        ("", "http://a.example/news/1"),
        ("/həmrəylik".encode().decode("latin-1"), "http://a.example/həmrəylik"),
        ("/caf\xe9", "http://a.example/café"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("\\\\b.example\\c?d=\\e", "http://b.example/c?d=\\e"),
        ("https://desk:secret@b.example:8443/c", "https://b.example:8443/c"),
        ("http://b.example@c.example/", "http://c.example/"),
        ("/a\x00\x0b/b\x7f", "http://a.example/a/b"),
        ("#top", "http://a.example/news/1"),
        ("?page=2", "http://a.example/news/1?page=2"),
        ("HTTP:/b", "http://a.example/b"),
    ],
)
def test_where_a_location_points(location: str, expected: str) -> None:
    assert redirect_target("http://a.example/news/1", location) == expected


@pytest.mark.parametrize("location", ["http://[broken/", "/" + "x" * 8_000])
def test_a_location_that_points_nowhere(location: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        redirect_target("http://a.example/news/1", location)


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (b"A: b\r\nC:d\r\n\r\n", [("A", "b"), ("C", "d")]),
        (b"A: b\nC :\t d \n\n", [("A", "b"), ("C", "d")]),
        (b"A: b:c\r\n", [("A", "b:c")]),
        (b"A:\r\n", [("A", "")]),
        (b"A: b\r\n c\r\n\td\r\nE: f\r\n\r\n", [("A", "b c d"), ("E", "f")]),
        (b" a\r\nB: c\r\n", [("B", "c")]),
        (b"no colon\r\n: no name\r\n<b>x</b>: y\r\nA\0: b\r\nB: c\r\n", [("B", "c")]),
        (b"A: \xc9\x99\0\r\n", [("A", "\xc9\x99\0")]),
        (b"\r\n", []),
        (b"", []),
    ],
)
def test_the_fields_of_a_head(head: bytes, fields: list[tuple[str, str]]) -> None:
    assert header_fields(head.splitlines(keepends=True)) == fields


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("12, 12", 12),
        ("0", 0),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("0x10", None),
        ("1_0", None),
        ("9" * 5_000, None),
        ("many, 7", 7),
    ],
)
def test_the_length_of_a_body(value: str, length: int | None) -> None:
    assert body_length(value) == length


def test_lengths_that_disagree_are_no_length() -> None:
    with pytest.raises(ValueError, match="12, 13"):
        body_length("12, 13")


def test_headers_lose_their_control_characters() -> None:
    assert lower_case_headers([("ETag", '"a\x00b\x1b"')]) == {"etag": '"ab"'}
