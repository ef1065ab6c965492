"""`show`: what an article's page says besides its words, where there is anything to say."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.door import app
from pipeline.model import Article, TextOrigin
from pipeline.store.database import Archive
from tests.fakes import read_article, source
from tests.store.filing import article_with_all, file_article, start

ROOT = Path(__file__).parents[1]
URL = "http://a.example/1"


def shown(folder: Path, made: Article) -> list[str]:
    """The lines about an article that is alone in its archive."""
    database = f"sqlite:///{folder / 'news.db'}"
    archive = Archive.open(database, str(folder / "pages"))
    read = replace(read_article(URL), article=made)
    outlet = source("a")
    number = file_article(archive, start(archive, outlet), outlet, read)
    archive.close()
    options = ["--database", database, "--sources", str(ROOT / "sources.yaml")]
    done = CliRunner().invoke(app, ["show", str(number), *options])
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_all_that_the_page_says_is_shown(tmp_path: Path) -> None:
    lines = shown(tmp_path, article_with_all(URL).article)
    told = lines.index("changed 2026-01-02 09:00 UTC (day, meta)")
    assert lines[told - 1] == "published 2026-01-02 09:00 UTC (minute, json-ld)"
    told = lines.index("the text is the page's JSON-LD: the page shows only a part of it")
    assert lines[told + 1 : told + 10] == [
        "the page says that the rest is for subscribers",
        "confidence 0.62 that the text is the article, and all of it",
        "title: “A” (h1), but “B” (meta)",
        "text: “C” (page), but “” (x)",
        "read: title from h1, byline from json-ld",
        "picture: http://a.example/choir.jpg “The choir, on the pier”",
        "in another language (az): http://www.a.example/az/1/",
        "in another language (ru): http://a.example/ru/1?utm_source=x&id=5",
        "in another language (ru): not an address",
    ]


def test_what_there_is_nothing_to_say_of_is_left_out(tmp_path: Path) -> None:
    lines = shown(tmp_path, read_article(URL).article)
    beginnings = ("changed", "confidence", "picture", "in another", "read:", "the text", "the page")
    assert [line for line in lines if line.startswith(beginnings)] == []


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (TextOrigin.SELECTORS, "the text stands where sources.yaml says"),
        (TextOrigin.FEED, "the text is the feed's: the page showed a wall or an empty shell"),
    ],
)
def test_an_unusual_origin_of_the_text_is_named(
    tmp_path: Path, origin: TextOrigin, told: str
) -> None:
    assert told in shown(tmp_path, replace(read_article(URL).article, text_origin=origin))


def test_what_two_places_say_at_length_is_cut(tmp_path: Path) -> None:
    said = article_with_all(URL).article
    long = replace(said.disagreements[0], taken="one\n\ntwo " * 50, other="x" * 300)
    [line] = [
        line
        for line in shown(tmp_path, replace(said, disagreements=(long,)))
        if line.startswith("title: ")
    ]
    assert line == f"title: “{('one two ' * 50)[:100].rstrip()} …” (h1), but “{'x' * 100} …” (meta)"
