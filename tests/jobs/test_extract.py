"""Single pages, of files and of the web, are read as their outlets are."""

import gzip
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.jobs.extract import Extraction, extract_pages
from pipeline.jobs.lines import NO_ADDRESS
from pipeline.model import Article, Precision, Reason, Rejection, TextOrigin
from pipeline.settings import Settings
from tests.fakes import NOW
from tests.jobs.press import Answer, Press, article, words

DATABASES = ("sqlite",)  # nothing is stored

SOURCES = """
- id: pier
  name: Pier
  publisher: private
  languages: [en]
  time_zone: Asia/Tokyo
  feeds: [{url: "http://pier.example/feed"}]
  article:
    - {until: 2019-12-31, text: .old}
    - {text: .new}
"""
CHOSEN = "The ferry of the morning is the one that the whole town waits for in winter."
PARTS = f"<div class=old>{CHOSEN} Old.</div><div class=new>{CHOSEN} New.</div>"


def saved(
    folder: Path, *, at: str = "http://pier.example/1", head: str = "", body: str = ""
) -> str:
    """A page in a file that says whence it is."""
    link = f"<link rel=canonical href='{at}'>" if at else ""
    html = article("Ferry back in town", words("ferry"), head=link + head)
    path = folder / "page.html"
    path.write_text(html.replace("<nav>", f"{body}<nav>"), "utf-8")
    return str(path)


@pytest.fixture
def outlet(press: Press) -> Press:
    """A press with one source that has an article."""
    press.read(SOURCES)
    press.answers["pier.example/1"] = article("Choir on the pier", words("choir"))
    lines = dict.fromkeys(("pier.example", "else.example"), press.address)
    press.settings = replace(press.settings, connect_to=lines)
    return press


def extract(press: Press, *places: str, **more: object) -> list[Extraction]:
    return list(
        extract_pages(
            places,
            press.catalogue.sources,
            press.settings,
            clock=lambda: NOW,
            **more,  # type: ignore[arg-type]
        )
    )


def only(press: Press, place: str, **more: object) -> Article:
    [found] = extract(press, place, **more)
    assert isinstance(found.result, Article), found
    return found.result


# --- the web ---------------------------------------------------------------


def test_each_address_is_read_in_turn_and_one_that_fails_stops_no_other(outlet: Press) -> None:
    outlet.answers["pier.example/pdf"] = "%PDF-1.7 not a page"
    outlet.answers["pier.example/moved"] = Answer(status=302, headers={"Location": "/"})
    outlet.answers["pier.example/"] = article("Pier", words("front"))
    asked: list[str] = []
    places = [
        *(f"http://pier.example/{one}" for one in ("1", "gone", "pdf", "moved")),
        "ftp://pier.example/1",
        "http://10.0.0.1/",
        "http://else.example/1",
    ]
    found = extract(outlet, *places, show=asked.append)
    assert [one.place for one in found] == asked == places
    results = [one.result for one in found]
    assert isinstance(results[0], Article)
    reasons = [one.reason for one in results if isinstance(one, Rejection)]
    assert reasons == [Reason.NOT_HTML, Reason.SOFT_404]
    assert [one.failure.partition(":")[0] for one in found if one.failure] == [
        "not found",
        "not a web address",
        "not a public address",
        "not found",
    ]


def test_robots_txt_and_the_manners_of_the_source_hold(outlet: Press) -> None:
    outlet.read(SOURCES.replace("  article:", "  user_agent: solidarity-digest/pier\n  article:"))
    outlet.answers["pier.example/robots.txt"] = Answer(
        "User-agent: *\nDisallow: /closed", headers={"Content-Type": "text/plain"}
    )
    outlet.answers["pier.example/closed/1"] = article("Closed", words("closed"))
    first, second = extract(outlet, "http://pier.example/1", "http://pier.example/closed/1")
    assert isinstance(first.result, Article)
    assert second.failure.startswith("robots.txt forbids it")
    assert outlet.asked["pier.example/closed/1"] == 0
    assert {headers["User-Agent"] for _, headers in outlet.heard} == {"solidarity-digest/pier"}


def test_what_sources_yaml_says_of_the_outlet_applies_where_the_page_stands(
    outlet: Press,
) -> None:
    head = "<meta property='article:published_time' content='2025-12-31T08:00:00'>"
    page = article("Choir on the pier", words("choir"), head=head).replace("<nav>", PARTS + "<nav>")
    outlet.answers |= {"pier.example/1": page, "else.example/1": page}
    outlet.answers["else.example/2"] = Answer(
        status=301, headers={"Location": "http://pier.example/1"}
    )
    here, elsewhere, moved = extract(
        outlet, "http://pier.example/1", "http://else.example/1", "http://else.example/2"
    )
    assert [one.source and one.source.id for one in (here, elsewhere, moved)] == [
        "pier",
        None,
        "pier",
    ]
    for one, origin, hour in (
        (here, TextOrigin.SELECTORS, 23),
        (moved, TextOrigin.SELECTORS, 23),
        (elsewhere, TextOrigin.PAGE, 8),
    ):
        assert isinstance(one.result, Article)
        assert one.result.published
        assert (one.result.text_origin, one.result.published.at.hour) == (origin, hour)
    told = only(outlet, "http://pier.example/1", zone=ZoneInfo("Asia/Baku"))
    assert told.published
    assert told.published.at == datetime(2025, 12, 31, 4, tzinfo=UTC)


# --- files -----------------------------------------------------------------


def test_a_file_is_read_as_the_page_that_it_says_it_is(outlet: Press, tmp_path: Path) -> None:
    place = saved(tmp_path, body=PARTS)
    assert only(outlet, place).text == f"{CHOSEN} New."
    years_ago = datetime(2019, 6, 1, tzinfo=UTC).timestamp()
    os.utime(place, (years_ago, years_ago))
    assert only(outlet, place).text == f"{CHOSEN} Old.", "as it was when the file was made"
    os.utime(place, (0, 0))
    assert only(outlet, place).text == f"{CHOSEN} New.", "there was no web then"
    assert only(outlet, place, url="http://else.example/1").text_origin is TextOrigin.PAGE
    assert not outlet.asked


def test_a_file_may_be_packed_and_may_not_know_whence_it_is(outlet: Press, tmp_path: Path) -> None:
    path = Path(saved(tmp_path, at=""))
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    found = only(outlet, str(packed))
    assert (found.title, found.url) == ("Ferry back in town", NO_ADDRESS)
    assert found == only(outlet, str(path))


def test_a_day_is_told_as_the_page_writes_it(outlet: Press, tmp_path: Path) -> None:
    head = "<meta property='article:published_time' content='2025-12-31'>"
    published = only(outlet, saved(tmp_path, head=head)).published
    assert published
    assert (published.precision, str(published.day)) == (Precision.DAY, "2025-12-31")


def test_what_is_no_page_is_told_and_stops_no_other(outlet: Press, tmp_path: Path) -> None:
    page = Path(saved(tmp_path))
    cut = tmp_path / "cut.html.gz"
    cut.write_bytes(gzip.compress(page.read_bytes())[:-9])
    outlet.settings = replace(outlet.settings, page_bytes=page.stat().st_size)
    large = tmp_path / "large.html"
    large.write_bytes(page.read_bytes() + b" ")
    places = [str(one) for one in (tmp_path / "gone.html", tmp_path, cut, large, page)]
    *failed, read = extract(outlet, *places)
    assert [one.failure.partition(";")[0] for one in failed] == [
        "cannot be read: No such file or directory",
        "cannot be read: Is a directory",
        "cut short",
        f"too large: more than {page.stat().st_size:,} bytes",
    ]
    assert isinstance(read.result, Article)


def test_the_asker_is_stopped_though_nobody_wants_the_rest(tmp_path: Path) -> None:
    found = extract_pages(
        [saved(tmp_path), "http://10.0.0.1/"],
        (),
        Settings(pages=str(tmp_path / "pages")),
        clock=lambda: NOW + timedelta(days=1),
    )
    assert isinstance(next(found).result, Article)
    found.close()  # type: ignore[attr-defined]  # a generator, promised as an iterator
