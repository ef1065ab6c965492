"""Raw pages: written as WARC that other tools read, healed after a kill."""

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.errors import StoreError
from pipeline.model import Page
from pipeline.store.pages import PageArchive, PageLocation

NOW = datetime(2026, 1, 4, 20, tzinfo=UTC)
BODY = "<p>Həmrəylik günü</p>".encode()


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


def file_of(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    pages = PageArchive(tmp_path)
    first = pages.append(page(1), now=NOW)
    second = pages.append(page(2, BODY * 2), now=NOW)
    pages.sync()
    length = {"content-length": str(len(BODY))}
    assert pages.read(first) == (BODY, {**page(1).headers, **length})
    assert pages.read(second)[0] == BODY * 2
    pages.close()


def test_the_body_is_kept_as_it_was_sent(tmp_path: Path) -> None:
    sent = gzip.compress(BODY)
    headers = {"content-type": "text/html", "content-encoding": "gzip", "x-a": "1, 2"}
    pages = PageArchive(tmp_path)
    location = pages.append(page(1, sent_body=sent, headers=headers), now=NOW)
    pages.close()
    with file_of(tmp_path).open("rb") as handle:
        bodies = [r.raw_stream.read() for r in ArchiveIterator(handle) if r.rec_type == "response"]
    assert bodies == [sent]
    assert pages.read(location)[0] == BODY


def test_other_tools_read_the_file(tmp_path: Path) -> None:
    pages = PageArchive(tmp_path)
    for number in range(3):
        pages.append(page(number), now=NOW)
    pages.close()
    with file_of(tmp_path).open("rb") as handle:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in ArchiveIterator(handle, check_digests="raise")
        ]
    assert records[0][0] == "warcinfo"
    assert records[1:] == [("response", f"http://a.example/{n}", BODY) for n in range(3)]


def test_each_day_has_its_file_and_a_second_run_goes_on_in_it(tmp_path: Path) -> None:
    for moment in (NOW, NOW.replace(day=5), NOW.replace(day=5)):
        pages = PageArchive(tmp_path)
        pages.append(page(1), now=moment)
        pages.close()
    names = sorted(file.name for file in tmp_path.iterdir())
    assert names == ["pages-20260104.warc.gz", "pages-20260105.warc.gz"]


def test_what_no_row_names_is_cut_off(tmp_path: Path) -> None:
    pages = PageArchive(tmp_path)
    named = pages.append(page(1), now=NOW)
    pages.append(page(2), now=NOW)
    pages.close()
    file = file_of(tmp_path)
    with file.open("ab") as handle:
        handle.write(b"\x1f\x8b half a record")
    size = file.stat().st_size
    end = named.start + named.size
    assert PageArchive(tmp_path).heal({file.name: end}) == size - end
    assert file.stat().st_size == end
    again = PageArchive(tmp_path)
    third = again.append(page(3), now=NOW)
    again.close()
    assert [again.read(one)[0] for one in (named, third)] == [BODY, BODY]


def test_a_file_that_no_row_names_is_removed(tmp_path: Path) -> None:
    pages = PageArchive(tmp_path)
    pages.append(page(1), now=NOW)
    pages.close()
    PageArchive(tmp_path).heal({})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_lost_pages_is_not_healed_in_silence(tmp_path: Path) -> None:
    pages = PageArchive(tmp_path)
    location = pages.append(page(1), now=NOW)
    pages.close()
    name = file_of(tmp_path).name
    with pytest.raises(StoreError, match="shorter than"):
        PageArchive(tmp_path).heal({name: location.start + location.size + 1})


def test_a_missing_page_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot read"):
        PageArchive(tmp_path).read(PageLocation("pages-20200101.warc.gz", 0, 10))


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file, not a folder")
    with pytest.raises(StoreError, match="cannot write"):
        PageArchive(tmp_path / "pages").append(page(1), now=NOW)


def test_a_body_beyond_ascii_headers_survives(tmp_path: Path) -> None:
    body = zlib.compress(BODY)
    pages = PageArchive(tmp_path)
    headers = {"content-type": "text/html", "x-title": "Həmrəylik"}
    location = pages.append(page(1, body, headers=headers), now=NOW)
    pages.close()
    assert pages.read(location)[0] == body
