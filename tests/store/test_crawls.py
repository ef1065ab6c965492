"""Files are told apart by what is in them; saved pages and lists are read as they come."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.store.crawls import (
    LONGEST_LINE,
    FileKind,
    Line,
    find_address,
    read_lines,
    read_saved,
    recognize,
)
from pipeline.store.unpacking import Damage
from tests.warc import reply

WARC = reply("http://a.example/1", b"<p>x")
LIST = b"# from the library\n\n https://a.example/1\nhttp://b.example/\xc9\x99\n"


def written(folder: Path, content: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WARC, FileKind.WARC),
        (b"<!DOCTYPE html><p>x", FileKind.PAGE),
        (b"\xef\xbb\xbf\r\n<!-- saved -->\n<!-- twice --><HTML lang=az>", FileKind.PAGE),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', FileKind.PAGE),
        ("<html><p>Həmrəylik".encode("utf-16"), FileKind.PAGE),
        (b"<meta charset=utf-8><title>x", FileKind.PAGE),
        (LIST, FileKind.LIST),
        (b"\xef\xbb\xbfHTTPS://a.example/1", FileKind.LIST),
        (b"http://a.example/1\r\nnothing\r\n", FileKind.LIST),
    ],
    ids=["warc", "html", "comments", "xhtml", "utf-16", "no html tag", "list", "bom", "bad line"],
)
def test_the_content_tells_not_the_name(
    tmp_path: Path, content: bytes, kind: FileKind, packed: bool
) -> None:
    path = written(tmp_path, gzip.compress(content) if packed else content, "page.pdf")
    assert recognize(path).kind is kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (gzip.compress(b"", mtime=0), "damaged gzip"),
        (b"\x1f\x8b\x08garbage", "damaged gzip"),
        (b"Dear reader,\nhttps://a.example/1\n", "neither WARC, nor a saved HTML page, nor a list"),
        (b"# only a comment\n", "neither WARC"),
        (b"https://a.example/1 and more\n", "neither WARC"),
        (b"<?xml version='1.0'?><rss><channel>", "neither WARC"),
        (b'{"url": "https://a.example/1"}', "neither WARC"),
        (b"%PDF-1.7\n", "neither WARC"),
        (bytes(9_000), "neither WARC"),
        (b"<!--" * 9_000, "neither WARC"),
        (b"\x28\xb5\x2f\xfd rest", "zstd"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"PK\x03\x04 rest", "WACZ"),
        (b"filedesc://a.arc 0.0.0.0 2001 text/plain 77\n", "ARC, the format before WARC"),
        (b"bplist00 rest", "webarchive"),
        (
            b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;",
            "MHTML; save it as HTML",
        ),
    ],
)
def test_what_cannot_be_taken_in_is_named_with_its_file(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ConfigError, match=said) as caught:
        recognize(path)
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "gone", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(ConfigError, match=said):
            recognize(path)


def test_the_moment_and_the_size_of_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    os.utime(path, (1_577_836_800, 1_577_836_800))
    found = recognize(path)
    assert (found.saved_at, found.size) == (datetime(2020, 1, 1, tzinfo=UTC), len(LIST))


# --- saved pages -------------------------------------------------------------

SAVED = "<!-- saved from url=(0024)https://a.example/saved -->"
CANONICAL = '<link rel="canonical" href="https://a.example/canonical">'
OPEN_GRAPH = "<meta content='https://a.example/og?a=1&amp;b=2' property='og:url'/>"
SINGLE_FILE = """<html lang=az><!--
 Page saved with SingleFile
 url: https://a.example/single
 saved date: Thu Jan 01 2026 09:00:00 GMT+0400
-->"""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"<!DOCTYPE html>\n{SAVED}\n<html>{CANONICAL}{OPEN_GRAPH}", "https://a.example/saved"),
        (f"{SINGLE_FILE}{CANONICAL}", "https://a.example/single"),
        (f"<html>{OPEN_GRAPH}{CANONICAL}", "https://a.example/canonical"),
        (f"<html>{OPEN_GRAPH}", "https://a.example/og?a=1&b=2"),
        ("<LINK REL='x CANONICAL' HREF=http://a.example/bare>", "http://a.example/bare"),
        ("<!-- saved from url=(0014)about:internet --><p>", None),
        ("<!-- saved from url=(0030)file:///home/reader/page.html -->", None),
        ('<link rel="canonical" href="/relative"><link rel=canonical href="">', None),
        (f"<!-- {CANONICAL} -->", None),
        ("<link rel=stylesheet href='https://a.example/x.css'><meta property=og:url>", None),
        ("", None),
        ("<html>" + " " * 20_000 + SAVED, None),
    ],
    ids=[
        "the browser's note first",
        "SingleFile's note",
        "canonical before og:url",
        "og:url",
        "bare attributes",
        "about:internet",
        "a file",
        "relative",
        "in a comment",
        "other links",
        "nothing",
        "a note in the text",
    ],
)
def test_whence_a_saved_page_is(text: str, address: str | None) -> None:
    assert find_address(text) == address


@pytest.mark.parametrize(
    "flood",
    [
        "<link ",
        "<meta a=",
        "<!--",
        "<link rel='",
        f"<link {'a' * 8_000}>",
        "<link a=" + " " * 8_000,
    ],
)
def test_a_hostile_page_is_searched_in_no_time(flood: str) -> None:
    assert find_address(flood * (2_000_000 // len(flood))) is None


def test_a_saved_page_is_read_up_to_a_size(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(f"{SAVED}<p>Bahar".encode("utf-16")))
    page = read_saved(path, most=9_000)
    assert (page.url, page.is_whole, page.damage) == ("https://a.example/saved", True, None)
    assert page.body.decode("utf-16").endswith("<p>Bahar")
    assert not read_saved(path, most=50).is_whole


def test_a_damaged_saved_page_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress(f"{SAVED}<p>Bahar".encode())[:-6])
    assert read_saved(path, most=9_000).damage == Damage(0, "cut short")
    gone = read_saved(tmp_path / "gone", most=9_000)
    assert (gone.url, gone.damage) == (None, Damage(0, "cannot be read: No such file or directory"))


# --- lists -------------------------------------------------------------------


def test_a_list_is_read_line_by_line(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + LIST + b"\tnext to last \r\n#\r\nlast"
    path, end = written(tmp_path, content), len(content)
    assert list(read_lines(path)) == [
        Line(3, "https://a.example/1", end),
        Line(4, "http://b.example/ə", end),
        Line(5, "next to last", end),
        Line(7, "last", end),
    ]


def test_a_line_without_an_end_is_read_in_parts(tmp_path: Path) -> None:
    path = written(tmp_path, b"http://a.example/" + b"a" * 3 * LONGEST_LINE)
    lines = [one for one in read_lines(path) if isinstance(one, Line)]
    assert len(lines) == 4
    assert max(len(line.text) for line in lines) == LONGEST_LINE


def test_a_list_that_is_cut_is_read_up_to_there(tmp_path: Path) -> None:
    first, rest = gzip.compress(b"http://a.example/1\n"), gzip.compress(b"http://a.example/2\n")
    line, *_, damage = read_lines(written(tmp_path, first + rest[:-3]))
    assert isinstance(line, Line)
    assert line.text == "http://a.example/1"
    assert damage == Damage(len(first), "cut short")
    [gone] = read_lines(tmp_path / "gone")
    assert gone == Damage(0, "cannot be read: No such file or directory")
