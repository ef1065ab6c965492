"""The reports folder is its own memory, and what strangers put in it stops nobody."""

import json
import os
from pathlib import Path

import pytest

from pipeline.digests import make_digest
from pipeline.jobs.reports import publish, write_overview
from pipeline.model import Digest
from pipeline.render import render_json
from tests.cases.digests.weeks import EMPTY, HOLIDAY_WEEK, TOPIC, digest_of

NAME = "2026-W53.json"


def damaged(folder: Path, kind: str) -> Path:
    """Put something that is no digest where the digest of the holiday week belongs."""
    path = folder / NAME
    if kind == "cut short":
        path.write_text(render_json(digest_of("holiday"))[:-200], "utf-8")
    elif kind == "of another week":
        path.write_text(render_json(digest_of("quiet")), "utf-8")
    elif kind == "no UTF-8":
        path.write_bytes(b"\xff")
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(folder / "nowhere")
    return path


KINDS = ("cut short", "of another week", "no UTF-8", "a folder", "a pipe", "a link to nothing")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_digest_stops_nothing_and_is_named(tmp_path: Path, kind: str) -> None:
    publish(tmp_path, digest_of("quiet"))
    path = damaged(tmp_path, kind)
    report = write_overview(tmp_path)
    assert (report.weeks, report.unread) == (1, (path,))
    assert "2026-W53" not in (tmp_path / "index.html").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_what_stood_in_the_place_of_a_digest_is_kept(tmp_path: Path, kind: str) -> None:
    damaged(tmp_path, kind)
    before = (tmp_path / NAME).lstat()
    report = publish(tmp_path, digest_of("holiday"))
    assert report.damaged == tmp_path / f"{NAME}.damaged"
    assert report.damaged.lstat().st_ino == before.st_ino
    assert json.loads((tmp_path / NAME).read_text("utf-8"))["revision"] == 1
    assert publish(tmp_path, digest_of("holiday")).damaged is None
    assert write_overview(tmp_path).unread == ()


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(tmp_path: Path) -> None:
    for text in ("first", "second"):
        (tmp_path / NAME).write_text(text, "utf-8")
        publish(tmp_path, digest_of("holiday"))
    kept = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.damaged*")}
    assert kept == {f"{NAME}.damaged": "first", f"{NAME}.damaged1": "second"}


def test_a_digest_that_can_be_read_keeps_its_revisions(tmp_path: Path) -> None:
    publish(tmp_path, make_digest(HOLIDAY_WEEK, EMPTY, TOPIC))
    report = publish(tmp_path, digest_of("holiday"))
    assert [one.number for one in report.digest.revisions] == [2]
    assert report.damaged is None
    assert [file.suffix for file in report.files] == [".html", ".md", ".json"]


def language_of(folder: Path) -> str:
    return (folder / "index.html").read_text("utf-8").partition('<html lang="')[2][:2]


def test_the_front_page_speaks_as_the_newest_week_does(tmp_path: Path) -> None:
    def write(digest: Digest) -> str:
        publish(tmp_path, digest)
        write_overview(tmp_path)
        return language_of(tmp_path)

    assert write(digest_of("holiday", language="az")) == "az"
    assert write(digest_of("quiet", language="tr")) == "az"
    assert write(digest_of("holiday", language="ru")) == "ru"


def test_the_front_page_links_to_pages_that_are_there(tmp_path: Path) -> None:
    publish(tmp_path, digest_of("holiday"))
    publish(tmp_path, digest_of("quiet"))
    (tmp_path / "2026-W24.html").unlink()
    write_overview(tmp_path)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert 'href="2026-W53.html"' in page
    assert "2026-W24.html" not in page
    assert "2026-W24" in page
