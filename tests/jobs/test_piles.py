"""A pile of pages is read in its order, whatever its lines hold."""

import base64
import gzip
import io
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.errors import ConfigError
from pipeline.jobs import pile_files
from pipeline.jobs.lines import BROKEN, Answer, Line, PageContext, read_line
from pipeline.jobs.pile_files import Pile, opened_pile, written_pile
from pipeline.jobs.piles import PileReport, extract_pile
from pipeline.model import Reason
from tests.fakes import NOW
from tests.jobs.press import article, words

CONTEXT = PageContext(now=NOW, zone=ZoneInfo("Asia/Baku"))
KEYS = ["title", "text", "byline", "published_at", "language", "site", "canonical_url"]


def line(number: int, **fields: object) -> bytes:
    return json.dumps({"id": number, **fields}).encode() + b"\n"


def page(number: int, head: str = "") -> bytes:
    html = article(f"Choir number {number} on the pier", words("choir"), head=head)
    return line(number, url=f"https://pier.example/{number}", html=html)


def told(raw: bytes, number: int = 1) -> dict[str, Any]:
    """What is written for a line."""
    written = read_line(Line(number, raw), CONTEXT).written
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    found: dict[str, Any] = json.loads(written)
    assert list(found) == ["id", *KEYS, "rejection"]
    return found


# --- one line --------------------------------------------------------------


def test_a_page_gives_all_keys() -> None:
    head = (
        "<link rel=canonical href='/one'><meta property=og:site_name content='The Pier'>"
        "<meta name=author content='Harbour Office'>"
        "<meta property='article:published_time' content='2025-12-31T08:00:00'>"
    )
    found = told(page(1, head))
    assert found["text"] == words("choir").replace("\n", "\n\n")
    del found["text"]
    assert found == {
        "id": 1,
        "title": "Choir number 1 on the pier",
        "byline": "Harbour Office",
        "published_at": "2025-12-31T04:00:00+00:00",
        "language": "en",
        "site": "The Pier",
        "canonical_url": "https://pier.example/one",
        "rejection": None,
    }


def test_a_day_is_written_as_the_page_writes_it() -> None:
    head = "<meta property='article:published_time' content='2025-12-31'>"
    assert told(page(1, head))["published_at"] == "2025-12-31"


def test_bytes_are_decoded_by_evidence_and_text_is_what_it_is() -> None:
    russian = "Хор школы пел вечером в старом зале, и гости приехали на пароме из девяти городов."
    head = "<meta charset=windows-1251>"
    html = article("Праздник на пристани", "\n".join([russian] * 3), head=head)
    packed = base64.encodebytes(html.encode("windows-1251")).decode()
    for fields in ({"html_b64": packed}, {"html": html}, {"html": None, "html_b64": packed}):
        assert told(line(1, **fields))["title"] == "Праздник на пристани"


@pytest.mark.parametrize("url", [None, "", "hard:pier", "https://[", 5])
def test_a_page_without_an_address_is_read(url: object) -> None:
    html = article("Choir on the pier", words("choir"))
    assert told(line(1, url=url, html=html))["title"] == "Choir on the pier"


@pytest.mark.parametrize("name", [None, "a/b", 12, -1, "\ud83d", "хор"])
def test_the_id_comes_back_as_it_is(name: object) -> None:
    fields = {"id": name, "html": article("Choir on the pier", words("half \ud83d"))}
    found = told(json.dumps(fields).encode())
    assert (found["id"], found["rejection"]) == (name, None)


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        (b"pier", None, "line 17 is no JSON: Expecting value, at character 1"),
        (b'{"id": 1, "html": "<p>', None, "line 17 is no JSON: Unterminated string"),
        (b'{"id": "\xff"}', None, "line 17 is no JSON: 'utf-8' codec can't decode"),
        (b'{"id": NaN}', None, "line 17 is no JSON: NaN is no value of JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}", None, "line 17 is no JSON: Exceeds the limit"),
        (b"[" * 100_000, None, "line 17 is no JSON: nested too deeply"),
        (b"[1]", None, "line 17 is no JSON object"),
        (b'{"id": [1], "html": ""}', None, "line 17 has an id that is neither"),
        (b'{"id": 1.5, "html": ""}', None, "line 17 has an id that is neither"),
        (b'{"id": 5}', 5, "line 17 has neither html nor html_b64"),
        (b'{"id": 5, "html": 1}', 5, "line 17 has html that is no text"),
        (b'{"id": 5, "html_b64": {}}', 5, "line 17 has html_b64 that is no text"),
        (b'{"id": 5, "html_b64": "a"}', 5, "line 17 has an html_b64 that is no base64"),
        (b'{"id": 5, "html_b64": "\xc9\x99"}', 5, "line 17 has an html_b64 that is no base64"),
    ],
)
def test_a_broken_line_is_told_by_its_number(raw: bytes, name: object, why: str) -> None:
    found = told(raw, 17)
    assert found["rejection"].startswith(why)
    assert (found["id"], [found[key] for key in KEYS]) == (name, [None] * 7)
    assert read_line(Line(17, raw), CONTEXT).reason == BROKEN


def test_a_page_that_is_no_article_is_rejected_with_its_reason() -> None:
    for html, why in (("", "no text: no bytes"), ("%PDF-1.7", "not an HTML page: PDF")):
        answer = read_line(Line(1, line(1, html=html)), CONTEXT)
        assert json.loads(answer.written)["rejection"] == why
        assert answer.reason == why.partition(":")[0]


# --- the lines of a file ---------------------------------------------------


@contextmanager
def laid(path: Path, content: bytes) -> Iterator[Pile]:
    path.write_bytes(content)
    with opened_pile(str(path)) as pile:
        yield pile


def lines_of(path: Path, content: bytes) -> list[tuple[int, bytes, str]]:
    with laid(path, content) as pile:
        found = [(one.number, one.raw, one.fault) for one in pile]
        assert pile.position == pile.size == len(content)
    return found


def test_empty_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    found = lines_of(tmp_path / "a", b"\n{}\r\n \n\n[]")
    assert found == [(2, b"{}\r\n", ""), (5, b"[]", "")]
    assert lines_of(tmp_path / "b", b"") == []


def test_gzip_is_told_by_its_content_in_any_number_of_members(tmp_path: Path) -> None:
    content = gzip.compress(b"{}\n[") + gzip.compress(b"]\n")
    assert lines_of(tmp_path / "pile.jsonl", content) == [(1, b"{}\n", ""), (2, b"[]\n", "")]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda packed: packed[: len(packed) // 2], "is cut short, and so is the file"),
        (lambda packed: packed + b"pier", "cannot be read: Not a gzipped file"),
        (
            lambda packed: packed[:-8] + b"\0\0\0\0" + packed[-4:],
            "cannot be read: CRC check failed",
        ),
        (lambda packed: packed[:2000] + b"\0" * 2000 + packed[4000:], "cannot be read: "),
    ],
)
def test_what_stands_before_a_damage_is_read_and_the_damage_told(
    tmp_path: Path, spoil: Any, fault: str
) -> None:
    noise = base64.b64encode(os.urandom(100_000))
    path = tmp_path / "pile.gz"
    path.write_bytes(spoil(gzip.compress(b"1\n2\n" + noise)))
    with opened_pile(str(path)) as pile:
        *before, last = list(pile)
    assert [one.fault for one in before] == [""] * len(before)
    assert last.fault.startswith(fault)
    assert last.number == len(before) + 1


def test_a_line_that_is_too_long_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pile_files, "LONGEST_LINE", 10)
    long = b"x" * 35
    found = lines_of(tmp_path / "a", b"1\n" + long + b"\n123456789\n" + long)
    assert [(number, len(raw)) for number, raw, _ in found] == [(1, 2), (2, 0), (3, 10), (4, 0)]
    assert {fault for _, _, fault in found} == {"", "is longer than 10 bytes"}


# --- what is written -------------------------------------------------------


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run")
    with written_pile(str(out), source="-") as write:
        write(b"1\n")
        assert out.read_text() == "of an earlier run"
        assert len(list(tmp_path.iterdir())) == 2
    assert out.read_bytes() == b"1\n"
    assert list(tmp_path.iterdir()) == [out]


def write_and_be_interrupted(out: Path) -> None:
    with written_pile(str(out), source="-") as write:
        write(b"1\n")
        raise KeyboardInterrupt


def test_a_file_stays_as_it_was_if_it_comes_to_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        write_and_be_interrupted(tmp_path / "out.jsonl.gz")
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_ends_in_gz_is_packed_and_a_link_stays_one(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        with written_pile(str(tmp_path / name), source="-") as write:
            write(b"1\n")
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"1\n"
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "c")
    with written_pile(str(link), source="-") as write:
        write(b"1\n")
    assert (link.is_symlink(), (tmp_path / "c").read_bytes()) == (True, b"1\n")


def test_a_device_is_written_to_and_stays_one(tmp_path: Path) -> None:
    with written_pile("/dev/null", source="-") as write:
        write(b"1\n")
    assert Path("/dev/null").is_char_device()
    with (
        pytest.raises(ConfigError, match="cannot write /dev/full: No space left on device"),
        written_pile("/dev/full", source="-") as write,
    ):
        write(b"1\n" * io.DEFAULT_BUFFER_SIZE)


def test_what_cannot_be_written_or_read_is_named(tmp_path: Path) -> None:
    same = str(tmp_path / "same")
    for out, said in (
        (str(tmp_path / "none" / "out"), "No such file or directory"),
        (str(tmp_path), "Is a directory"),
        (same, "is the file that is read"),
    ):
        with pytest.raises(ConfigError, match=said), written_pile(out, source=same):
            pass
    with pytest.raises(ConfigError, match=r"cannot read .*: No such file"), opened_pile(same):
        pass
    assert list(tmp_path.iterdir()) == []


# --- the pile --------------------------------------------------------------


def extract(path: Path, content: bytes, **more: Any) -> tuple[list[dict[str, Any]], PileReport]:
    written: list[bytes] = []
    with laid(path, content) as pile:
        report = extract_pile(pile, written.append, CONTEXT, **more)
    return [json.loads(one) for one in written], report


def test_answers_come_in_the_order_of_the_lines_from_all_processes(tmp_path: Path) -> None:
    pages = [page(number) for number in range(40)]
    pages[3:3] = [b"rubbish\n", line(-1), line(-2, html="")]
    shown: list[tuple[int, int, PileReport]] = []
    content = b"".join(pages)
    found, report = extract(
        tmp_path / "pile", content, processes=2, show=lambda *one: shown.append(one)
    )
    assert [one["id"] for one in found] == [0, 1, 2, None, -1, -2, *range(3, 40)]
    assert [one["title"] for one in found if not one["rejection"]] == [
        f"Choir number {number} on the pier" for number in range(40)
    ]
    assert report == PileReport(read=40, rejected={BROKEN: 2, "no text": 1})
    assert (report.pages, report.broken) == (43, 2)
    assert [one.pages for _, _, one in shown] == list(range(1, 44))
    assert shown[-1] == (len(content), len(content), report)


def die_of_the_seventh(one: Line, context: PageContext) -> Answer:
    """Stands for a page that makes the parser's own code crash."""
    if b'"id": 7,' in one.raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_line(one, context)


def test_the_page_that_kills_is_rejected_and_no_other(tmp_path: Path) -> None:
    content = b"".join(page(number) for number in range(24))
    found, report = extract(tmp_path / "pile", content, processes=1, read=die_of_the_seventh)
    assert [one["id"] for one in found] == list(range(24))
    assert report == PileReport(read=23, rejected={Reason.UNREADABLE.value: 1})
    assert found[7]["rejection"] == f"{Reason.UNREADABLE}: the process that read it died, twice"


def fail(one: Line, context: PageContext) -> Answer:
    raise LookupError("a bug")


def test_a_bug_in_reading_is_not_swallowed(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        extract(tmp_path / "pile", page(1), processes=1, read=fail)


def test_the_moment_bounds_what_a_page_can_be_of() -> None:
    later = "<meta property='article:published_time' content='2026-03-01T08:00:00'>"
    raw = page(1, later)
    assert told(raw)["published_at"] is None
    context = PageContext(now=datetime(2026, 4, 1, tzinfo=UTC), zone=ZoneInfo("UTC"))
    found = json.loads(read_line(Line(1, raw), context).written)
    assert found["published_at"] == "2026-03-01T08:00:00+00:00"
