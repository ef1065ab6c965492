"""Replies as crawlers recorded them: as sent, or changed in one of the known ways."""

import gzip
import zlib

import pytest

from pipeline.model import Reason
from pipeline.web.codings import Decoded
from pipeline.web.recorded import LONGEST_HEAD, parse_reply

BODY = b"<p>" + "Həmrəylik günü. ".encode() * 20
PACKED = gzip.compress(BODY)
TYPE = b"Content-Type: text/html"
CHUNKED = b"Transfer-Encoding: chunked"
GZIP = b"Content-Encoding: gzip"


def recorded(*headers: bytes, body: bytes = BODY, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"", body))


def decoded(block: bytes, most: int = 9_000) -> Decoded:
    reply = parse_reply(block)
    assert reply
    return reply.body(max_bytes=most)


def in_chunks(body: bytes, *, end: bytes = b"0\r\n\r\n") -> bytes:
    pieces = (body[at : at + 100] for at in range(0, len(body), 100))
    return b"".join(b"%x;n=1\r\n%b\r\n" % (len(one), one) for one in pieces) + end


@pytest.mark.parametrize(
    "block",
    [
        recorded(TYPE),
        recorded(),
        recorded(TYPE, b"Content-Length: %d" % len(BODY)),
        recorded(TYPE, GZIP, body=PACKED),
        recorded(TYPE, GZIP),
        recorded(TYPE, b"X-Crawl-Content-Encoding: gzip", b"Content-Length: %d" % len(BODY)),
        recorded(TYPE, GZIP, b"Content-Length: %d" % len(PACKED)),
        recorded(TYPE, body=PACKED),
        recorded(TYPE, CHUNKED, body=in_chunks(BODY)),
        recorded(TYPE, CHUNKED, body=in_chunks(BODY, end=b"0\r\nX-Trailer: a\r\n\r\n")),
        recorded(TYPE, CHUNKED, GZIP, body=in_chunks(PACKED)),
        recorded(TYPE, b"Transfer-Encoding: gzip, chunked", body=in_chunks(PACKED)),
        recorded(TYPE, CHUNKED),
        recorded(TYPE, CHUNKED, b"Content-Length: 99999"),
        recorded(TYPE, b"Content-Length: 12, 13"),
        recorded(TYPE, b"Content-Length: many"),
    ],
    ids=[
        "as it is",
        "no header",
        "its length",
        "gzip",
        "gzip undone, header left",
        "as Common Crawl",
        "gzip undone, header and length left",
        "gzip, header lost",
        "chunks",
        "chunks and a trailer",
        "gzip in chunks",
        "gzip as a transfer coding",
        "chunks joined, header left",
        "chunks joined, another length",
        "two lengths",
        "no length",
    ],
)
def test_the_body_is_found(block: bytes) -> None:
    found = decoded(block)
    assert (found.body, found.flaw) == (BODY, None)


@pytest.mark.parametrize(
    ("block", "flaw"),
    [
        (recorded(TYPE, b"Content-Length: 999"), Reason.TRUNCATED),
        (recorded(TYPE, GZIP, body=PACKED[:-9]), Reason.TRUNCATED),
        (recorded(TYPE, CHUNKED, body=in_chunks(BODY, end=b"")), Reason.TRUNCATED),
        (recorded(TYPE, CHUNKED, body=in_chunks(BODY)[:150]), Reason.TRUNCATED),
        (recorded(TYPE, body=bytes(9_001)), Reason.TOO_LARGE),
        (recorded(TYPE, GZIP, body=gzip.compress(bytes(9_999))), Reason.TOO_LARGE),
        (recorded(TYPE, b"Content-Encoding: br", body=b"\x0b\x02\x80"), Reason.BAD_REPLY),
        (
            recorded(TYPE, b"Content-Encoding: deflate", body=zlib.compress(BODY)[:30]),
            Reason.TRUNCATED,
        ),
    ],
    ids=[
        "shorter than its length",
        "gzip cut",
        "chunks without an end",
        "a chunk cut",
        "large",
        "a bomb",
        "brotli",
        "deflate cut",
    ],
)
def test_half_a_body_and_too_much_of_one_are_told(block: bytes, flaw: Reason) -> None:
    assert decoded(block).flaw is flaw


@pytest.mark.parametrize(
    ("block", "status"),
    [
        (recorded(TYPE, status=b"404 Not Found"), 404),
        (recorded(TYPE, status=b"200"), 200),
        (b"HTTP/2 200\nContent-Type: text/html\n\n<p>", 200),
        (b"HTTP/1.0 301 Moved\r\n\r\n", 301),
    ],
)
def test_the_status_is_read(block: bytes, status: int) -> None:
    reply = parse_reply(block)
    assert reply
    assert reply.status == status


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"<html>",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * LONGEST_HEAD + b"\r\n\r\n<p>",
    ],
    ids=["nothing", "no head", "a long status", "no end", "a head cut", "a head without an end"],
)
def test_what_has_no_head_is_no_reply(block: bytes) -> None:
    assert parse_reply(block) is None


def test_headers_are_read_with_patience() -> None:
    reply = parse_reply(
        recorded(b"no colon", b"CONTENT-type : Text/HTML; charset=x", b"a: 1", b"A: 2")
    )
    assert reply
    assert (reply.media_type, reply.headers["a"]) == ("text/html", "1, 2")
