import gzip
import zlib
from functools import partial

import pytest

from pipeline.model import Reason
from pipeline.web.codings import decode

TEXT = "<p>Həmrəylik günü münasibətilə tədbir keçirilib.</p>".encode() * 40
#: Without the moment, which would be in the names of tests.
gzipped = partial(gzip.compress, mtime=0)
BARE = zlib.compress(TEXT)[2:-4]


@pytest.mark.parametrize(
    ("sent", "codings"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (TEXT, "utf-8"),
        (TEXT, "gzip"),  # declared, not applied
        (TEXT, "deflate"),
        (TEXT, "br"),
        (b"\xef\xbb\xbf" + TEXT, "gzip"),
        (gzipped(TEXT), "gzip"),
        (gzipped(TEXT), "GZIP"),
        (gzipped(TEXT), "x-gzip"),
        (gzipped(TEXT) + bytes(500), "gzip"),  # padding after the trailer
        (gzipped(TEXT[:99]) + gzipped(TEXT[99:]), "gzip"),
        (gzipped(gzipped(TEXT)), "gzip, gzip"),
        (gzipped(zlib.compress(TEXT)), "deflate,gzip"),
        (zlib.compress(TEXT), "deflate"),
        (gzipped(TEXT), ""),  # applied, not declared
        (gzipped(TEXT), "identity"),
        (gzipped(TEXT), "utf-8"),
        (gzipped(TEXT), "deflate"),
        (gzipped(TEXT), "br"),
        (gzipped(gzipped(TEXT)), "gzip"),  # applied twice, declared once
        (zlib.compress(TEXT), "gzip"),
        (gzipped(TEXT), "gzip, chunked"),
        (gzipped(TEXT) + b"\r\n<!-- served in 3 ms -->", "gzip"),
        (gzipped(TEXT) + gzipped(b""), "gzip"),
        (BARE, "deflate"),
    ],
)
def test_the_text_comes_back(sent: bytes, codings: str) -> None:
    decoded = decode(sent, codings, max_bytes=50_000)
    assert decoded.flaw is None
    assert decoded.body.removeprefix(b"\xef\xbb\xbf") == TEXT


def test_no_body_has_no_flaw() -> None:
    assert decode(b"", "gzip, br", max_bytes=10).flaw is None


@pytest.mark.parametrize(
    ("sent", "codings", "flaw"),
    [
        (gzipped(TEXT)[:-9], "gzip", Reason.TRUNCATED),
        (gzipped(TEXT)[:-1], "gzip", Reason.TRUNCATED),  # in its trailer
        (gzipped(TEXT)[:12], "gzip", Reason.TRUNCATED),
        (BARE[:-9], "deflate", Reason.TRUNCATED),
        (gzipped(bytes(10_000_000)), "gzip", Reason.TOO_LARGE),
        (gzipped(gzipped(bytes(10_000_000))), "gzip, gzip", Reason.TOO_LARGE),
        (gzipped(TEXT)[:-8] + bytes(8), "gzip", Reason.BAD_REPLY),  # wrong checksum
        (gzipped(b"") * 5_000, "gzip", Reason.BAD_REPLY),
        (b"\x8b\x0b\x80salam\x03", "br", Reason.BAD_REPLY),
        (b"\x28\xb5\x2f\xfd\x04", "zstd", Reason.BAD_REPLY),
        (b"\xff\xff\xff\xff", "deflate", Reason.BAD_REPLY),
    ],
)
def test_what_is_wrong_is_told(sent: bytes, codings: str, flaw: Reason) -> None:
    decoded = decode(sent, codings, max_bytes=50_000)
    assert decoded.flaw is flaw
    assert len(decoded.body) <= 50_000


@pytest.mark.parametrize(
    ("sent", "codings", "is_plain"),
    [
        (gzipped(TEXT), "gzip", True),
        (gzipped(TEXT), " GZIP ", True),
        (zlib.compress(TEXT), "deflate", True),
        (BARE, "deflate", True),
        (TEXT, "", False),
        (TEXT, "gzip", False),
        (gzipped(TEXT), "", False),
        (gzipped(TEXT), "x-gzip", False),
        (gzipped(TEXT), "deflate", False),
        (zlib.compress(TEXT), "gzip", False),
        (gzipped(TEXT) + bytes(9), "gzip", False),
        (gzipped(TEXT) + gzipped(TEXT), "gzip", False),
        (gzipped(gzipped(TEXT)), "gzip", False),
        (gzipped(gzipped(TEXT)), "gzip, gzip", False),
    ],
)
def test_what_others_would_undo_likewise(sent: bytes, codings: str, *, is_plain: bool) -> None:
    assert decode(sent, codings, max_bytes=50_000).as_declared is is_plain


@pytest.mark.parametrize(
    "file",
    [gzipped(TEXT)[:-9], gzipped(bytes(90_000)), b"\x1f\x8b\x08rubbish"],
    ids=["cut off", "too large", "rubbish"],
)
def test_a_file_that_cannot_be_opened_here_is_left_as_it_is(file: bytes) -> None:
    decoded = decode(file, "", max_bytes=50_000)
    assert (decoded.body, decoded.flaw) == (file, None)


def test_the_cap_is_met_exactly() -> None:
    sent = gzipped(bytes(1_000))
    assert decode(sent, "gzip", max_bytes=1_000).flaw is None
    assert decode(sent, "gzip", max_bytes=999).flaw is Reason.TOO_LARGE
