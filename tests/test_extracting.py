"""`extract`: what is printed of pages and of piles, and how it ends."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli.door import app
from pipeline.errors import ConfigError

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "tests" / "cases" / "pages"

PAGE = """<!doctype html><html lang="en"><head><title>Fog closes the harbour</title>
<meta property="og:title" content="Fog over the bay"><meta property="og:site_name" content="Pier">
<link rel="canonical" href="https://pier.example/1">
<link rel="alternate" hreflang="az" href="https://pier.example/az/1">
<meta property="article:published_time" content="2025-12-31T08:00:00">
<meta property="article:modified_time" content="2026-01-01">
<meta property="og:image" content="/fog.jpg"><meta property="og:image:alt" content="Fog">
</head><body><article><h1>Fog closes the harbour</h1>
<p>Ferries stayed in port on Monday because of thick fog over the whole bay.</p>
<p>About two hundred people waited in the café on the quay until midnight.</p>
</article></body></html>"""


def extract(*arguments: str) -> Result:
    options = () if "--jsonl" in arguments else ("--sources", str(ROOT / "sources.yaml"))
    return CliRunner().invoke(app, ["extract", *arguments, *options])


@pytest.fixture
def page(tmp_path: Path) -> str:
    """A page in a file."""
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    return str(path)


# --- pages -----------------------------------------------------------------


def test_each_field_is_printed_with_the_evidence_that_won(page: str) -> None:
    done = extract(page, "--zone", "Asia/Baku")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == page
    fields = [line.split(maxsplit=1) for line in lines[1 : lines.index("")]]
    assert [name for name, _ in fields] == [
        *("address", "canonical", "source", "title", "byline", "published", "modified"),
        *("language", "site", "image", "alternate", "paywalled", "text", "confidence"),
        "disagreement",
    ]
    told = dict(fields)
    assert told["canonical"] == "https://pier.example/1  (link)"
    assert told["source"] == "none of sources.yaml"
    assert told["title"].startswith("Fog closes the harbour  (")
    assert told["byline"] == "-"
    assert (
        told["published"] == "2025-12-31 04:00 UTC, to the minute; on the page 2025-12-31  (meta)"
    )
    assert told["modified"].startswith("2026-01-01, to the day")
    assert told["image"] == "https://pier.example/fog.jpg “Fog”  (meta)"
    assert told["alternate"] == "az: https://pier.example/az/1"
    assert told["text"] == "146 characters in 2 paragraphs  (page)"
    assert told["disagreement"].startswith("title: “Fog closes the harbour” (")
    assert lines[-2].startswith("About two hundred")


def test_what_has_no_article_is_told_in_its_turn_and_the_exit_code_is_1(page: str) -> None:
    listing = str(PAGES / "listing" / "page.html")
    done = extract("gone.html", listing, page)
    assert done.exit_code == 1
    first, second, third = done.stdout.split("\n\n", 2)
    assert first.splitlines() == [
        "gone.html",
        "  failed        cannot be read: No such file or directory; an address begins with https://",
    ]
    assert second.splitlines()[1].startswith("  rejected      a list of articles, not an article")
    assert third.startswith(f"{page}\n  address       https://pier.example/1\n")


def test_json_is_one_object_for_each_page(page: str) -> None:
    done = extract("gone.html", str(PAGES / "listing" / "page.html"), page, "--json")
    assert done.exit_code == 1
    failed, rejected, read = (json.loads(line) for line in done.stdout.splitlines())
    assert failed == {
        "place": "gone.html",
        "source": None,
        "failure": "cannot be read: No such file or directory; an address begins with https://",
    }
    assert rejected["rejection"].startswith("a list of articles, not an article")
    assert (rejected["failure"], rejected["title"]) == (None, None)
    assert (read["rejection"], read["published_at"]) == (None, "2025-12-31T08:00:00+00:00")
    assert read["published"] == {
        "at": "2025-12-31T08:00:00+00:00",
        "precision": "minute",
        "day": "2025-12-31",
        "origin": "meta",
    }
    assert read["modified"]["precision"] == "day"
    assert read["image"] == {"url": "https://pier.example/fog.jpg", "alt": "Fog"}
    assert read["alternates"] == [{"language": "az", "url": "https://pier.example/az/1"}]
    assert read["origins"]["canonical_url"] == "link"
    assert read["disagreements"][0]["about"] == "title"
    assert {"text_origin", "confidence", "is_paywalled"} <= read.keys()


def test_the_source_of_the_address_is_named(page: str) -> None:
    done = extract(page, "--url", "https://azertag.az/en/xeber/1", "--json")
    found = json.loads(done.stdout)
    assert (found["source"], found["url"]) == ("azertag", "https://azertag.az/en/xeber/1")
    assert found["published_at"] == "2025-12-31T04:00:00+00:00", "in the zone of the source"


def test_a_page_that_does_not_tell_its_address_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.replace("canonical", "shortlink"), "utf-8")
    assert "  address       not known; --url names it" in extract(str(path)).stdout.splitlines()


# --- piles -----------------------------------------------------------------


def pile(folder: Path, *more: str) -> str:
    lines = [json.dumps({"id": n, "url": f"https://x.example/{n}", "html": PAGE}) for n in (1, 2)]
    path = folder / "pages.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join([*lines, *more]).encode()))
    return str(path)


def test_a_pile_is_read_and_summed_up(tmp_path: Path) -> None:
    out = tmp_path / "read.jsonl.gz"
    bad = ["rubbish", json.dumps({"id": 4, "html": ""})]
    done = extract(
        *("--jsonl", pile(tmp_path, *bad), "--out", str(out)),
        *("--jobs", "1", "--zone", "Asia/Baku", "--json"),
    )
    assert done.exit_code == 1, done.output
    found: list[dict[str, Any]] = [
        json.loads(line) for line in gzip.decompress(out.read_bytes()).splitlines()
    ]
    assert [one["id"] for one in found] == [1, 2, None, 4]
    assert found[0]["published_at"] == "2025-12-31T04:00:00+00:00"
    assert [one["rejection"] for one in found][:3] == [
        *(None, None),
        "line 3 is no JSON: Expecting value, at character 1",
    ]
    summary, figures = done.stdout.splitlines()
    assert summary.startswith("4 pages in ")
    assert summary.endswith("2 read, 2 rejected (1 a line without a page; 1 no text)")
    wanted = {"pages": 4, "read": 2, "rejected": 2, "broken": 1}
    assert {name: json.loads(figures)[name] for name in wanted} == wanted


def test_pages_that_are_no_articles_are_no_fault_of_a_pile(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text('{"html": ""}\n', "utf-8")
    done = extract("--jsonl", str(path), "--out", str(tmp_path / "out"), "--jobs", "1")
    assert (done.exit_code, (tmp_path / "out").exists()) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name an address, an HTML file, or - for stdin; or a pile with --jsonl"),
        (("a.html", "--jobs", "2"), "--jobs goes with --jsonl"),
        (("a.html", "--zone", "Baku"), "--zone: none such as Asia/Baku: 'Baku'"),
        (("a.html", "--zone", ""), "--zone: none such as Asia/Baku: ''"),
        (("a.html", "b.html", "--url", "https://x.example/"), "--url goes with one file"),
        (("https://x.example/", "--url", "https://x.example/"), "--url goes with one file"),
        (("a.html", "--url", "x.example"), "--url: "),
        (("--jsonl", "a"), "--jsonl IN and --out OUT go together"),
        (("--jsonl", "a", "--out", ""), "--jsonl IN and --out OUT go together"),
        (("a.html", "--out", "b", "--jsonl", "a"), "reads the pages in it, and no other: a.html"),
        (("--jsonl", "a", "--out", "-", "--json"), "both write to stdout; name a file"),
        (("--jsonl", "none", "--out", "b"), "cannot read none: No such file"),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = extract(*arguments)
    assert isinstance(done.exception, ConfigError)
    assert said in str(done.exception)
    assert done.stdout == ""
