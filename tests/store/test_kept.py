"""What an article says changes with our reading of its page; its copies only with its words."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.jobs.curate import curate
from pipeline.model import Disagreement, Image, Moment, Precision, ReadArticle, TextOrigin
from pipeline.store import articles
from pipeline.store.database import Archive
from pipeline.store.kept import reread_article
from pipeline.store.tables import article, copy_link
from tests.fakes import NOW, TEXT, days, read_article, source
from tests.store.filing import article_with_all, file_article, start

A, B = source("a"), source("b")


def curated(archive: Archive, read: ReadArticle) -> int:
    """File an article and its copy, and note them as such; return the article's number."""
    run = start(archive, A, B)
    number = file_article(archive, run, A, read)
    file_article(archive, run, B, read_article("http://b.example/1"))
    assert curate(archive).curated == 2
    return number


def reread(archive: Archive, number: int, read: ReadArticle) -> bool:
    with archive.writing() as connection:
        return reread_article(connection, number, read)


def find(archive: Archive, number: int) -> tuple[object, int, int]:
    """What the article says, how many links it has, and how many wait for a place."""
    with archive.reading() as connection:
        [found] = articles.find_articles(connection, [number])
        links = connection.scalar(sa.select(sa.func.count()).select_from(copy_link)) or 0
        return found.article, links, articles.count_uncurated(connection)


@pytest.mark.parametrize("first", ["all", "little"])
def test_the_same_reading_changes_nothing(archive: Archive, first: str) -> None:
    url = "http://a.example/1"
    read = article_with_all(url) if first == "all" else read_article(url)
    number = curated(archive, read)
    assert not reread(archive, number, read)
    assert find(archive, number) == (read.article, 1, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"byline": "The choir"},
        {"canonical_url": None},
        {"modified": None},
        {"modified": Moment(at=NOW, precision=Precision.MINUTE, origin="meta")},
        {"image": None},
        {"image": Image(url="http://a.example/choir.jpg")},
        {"alternates": ()},
        {"is_paywalled": False},
        {"confidence": 1.0},
        {"disagreements": ()},
        {"origins": {}},
        {"text_origin": TextOrigin.SELECTORS},
        {"published": Moment(at=NOW, precision=Precision.DAY, origin="json-ld")},
    ],
)
def test_what_is_read_otherwise_is_filed_and_copies_stay(
    archive: Archive, change: dict[str, Any]
) -> None:
    read = article_with_all("http://a.example/1")
    number = curated(archive, read)
    now = replace(read, article=replace(read.article, **change))
    assert reread(archive, number, now)
    assert find(archive, number) == (now.article, 1, 0)
    assert not reread(archive, number, now)


@pytest.mark.parametrize(
    "change",
    [
        {"text": f"{TEXT} And a line more."},
        {"title": "Another headline"},
        {"published": Moment(at=NOW - days(1), origin="json-ld")},
    ],
)
def test_with_other_words_or_another_moment_copies_are_looked_for_anew(
    archive: Archive, change: dict[str, Any]
) -> None:
    read = article_with_all("http://a.example/1")
    number = curated(archive, read)
    made = replace(read.article, disagreements=(), **change)
    assert reread(archive, number, replace(read, article=made, fingerprint=fingerprint(made.text)))
    assert find(archive, number) == (made, 0, 2)


def test_what_was_filed_before_confidence_was_judged_is_read_as_it_was(archive: Archive) -> None:
    read = read_article("http://a.example/1")
    number = curated(archive, read)
    with archive.writing() as connection:
        connection.execute(sa.update(article).values(confidence=None))
    assert find(archive, number) == (read.article, 1, 0)
    assert reread(archive, number, read), "it is judged now"
    assert find(archive, number) == (read.article, 1, 0)


def test_disagreements_are_told_apart_by_their_order(archive: Archive) -> None:
    read = article_with_all("http://a.example/1")
    number = curated(archive, read)
    one = Disagreement(about="title", taken="A", taken_from="h1", other="C", other_from="url")
    more = (*read.article.disagreements[::-1], one)
    now = replace(read, article=replace(read.article, disagreements=more))
    assert reread(archive, number, now)
    assert find(archive, number)[0] == now.article
