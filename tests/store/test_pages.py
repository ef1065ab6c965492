"""Raw pages: written as WARC that other tools read, healed after a kill."""

import gzip
import resource
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.errors import StoreError
from pipeline.model import Page
from pipeline.store.pages import PageArchive, PageLocation

NOW = datetime(2026, 1, 4, 20, tzinfo=UTC)
BODY = "<p>Həmrəylik günü</p>".encode()
NAME = "pages-1.warc.gz"


def page(number: int, body: bytes = BODY, **more: object) -> Page:
    facts = {
        "url": f"http://a.example/{number}",
        "final_url": f"http://a.example/{number}",
        "status": 200,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "body": body,
        "fetched_at": NOW,
    }
    return Page(**{**facts, **more})  # type: ignore[arg-type]


def written(folder: Path, *pages: Page, name: str = NAME) -> list[PageLocation]:
    """Write the pages to a file of the folder; return where they lie."""
    archive = PageArchive(folder)
    archive.begin(name)
    locations = [archive.append(one) for one in pages]
    archive.sync()
    archive.close()
    return locations


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    first, second = written(tmp_path, page(1), page(2, BODY * 2))
    length = {"content-length": str(len(BODY))}
    assert PageArchive(tmp_path).read(first) == (BODY, {**page(1).headers, **length})
    assert PageArchive(tmp_path).read(second)[0] == BODY * 2


def test_the_body_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    sent = gzip.compress(BODY)
    headers = {"content-type": "text/html", "content-encoding": "gzip", "x-a": "1, 2"}
    [location] = written(tmp_path, page(1, sent_body=sent, headers=headers))
    with (tmp_path / NAME).open("rb") as handle:
        bodies = [r.raw_stream.read() for r in ArchiveIterator(handle) if r.rec_type == "response"]
    assert bodies == [sent]
    assert PageArchive(tmp_path).read(location)[0] == BODY


def test_other_tools_read_the_file(tmp_path: Path) -> None:
    written(tmp_path, *(page(number) for number in range(3)))
    with (tmp_path / NAME).open("rb") as handle:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in ArchiveIterator(handle, check_digests="raise")
        ]
    assert records[0][0] == "warcinfo"
    assert records[1:] == [("response", f"http://a.example/{n}", BODY) for n in range(3)]


def test_a_run_that_keeps_no_page_leaves_no_file(tmp_path: Path) -> None:
    assert written(tmp_path / "pages") == []
    assert not (tmp_path / "pages").exists()


def test_what_no_row_names_is_cut_off(tmp_path: Path) -> None:
    named, _ = written(tmp_path, page(1), page(2))
    with (tmp_path / NAME).open("ab") as handle:
        handle.write(b"\x1f\x8b half a record")
    end = named.start + named.size
    PageArchive(tmp_path).cut(NAME, end)
    assert (tmp_path / NAME).stat().st_size == end
    assert PageArchive(tmp_path).read(named)[0] == BODY


def test_a_killed_runs_file_without_a_row_goes_and_no_other(tmp_path: Path) -> None:
    written(tmp_path, page(1))
    written(tmp_path, page(1), name="of-another-archive.warc.gz")
    PageArchive(tmp_path).cut(NAME, 0)
    PageArchive(tmp_path).cut("never-made.warc.gz", 0)
    assert [file.name for file in tmp_path.iterdir()] == ["of-another-archive.warc.gz"]


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    [location] = written(tmp_path, page(1))
    with pytest.raises(StoreError, match="exists"):
        written(tmp_path, page(2))
    assert PageArchive(tmp_path).read(location)[0] == BODY


@pytest.mark.parametrize(
    ("start", "size", "garbage"),
    [(0, 10, b""), (0, 50, b"no record at all " * 9), (5, 40, b"\x1f\x8b\x08 cut " * 9)],
)
def test_what_is_no_page_is_an_error(tmp_path: Path, start: int, size: int, garbage: bytes) -> None:
    (tmp_path / NAME).write_bytes(garbage)
    with pytest.raises(StoreError):
        PageArchive(tmp_path).read(PageLocation(NAME, start, size))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        PageArchive(tmp_path).read(PageLocation(NAME, 0, 10))


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file, not a folder")
    with pytest.raises(StoreError):
        written(tmp_path / "pages", page(1))


def test_a_disk_that_takes_no_more_is_an_error(tmp_path: Path) -> None:
    archive = PageArchive(tmp_path)
    archive.begin(NAME)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
        with pytest.raises(StoreError, match="too large"):
            archive.append(page(1))
        with pytest.raises(StoreError, match="too large"):
            archive.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)


def test_headers_beyond_ascii_survive(tmp_path: Path) -> None:
    headers = {"content-type": "text/html", "x-title": "Həmrəylik"}
    [location] = written(tmp_path, page(1, headers=headers))
    assert PageArchive(tmp_path).read(location)[0] == BODY
