"""Articles are filed once, found by time and by words, and placed among their copies."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from pipeline.errors import ConfigError
from pipeline.model import Outcome, Verdict
from pipeline.store import articles, figures
from pipeline.store.database import Archive
from pipeline.store.runs import count_outcomes
from pipeline.store.search import search_articles
from pipeline.store.tables import alternate
from tests.fakes import NOW, TEXT, days, read_article, source
from tests.store.filing import article_with_all, file_article, start

A, B = source("a"), source("b")


def found(archive: Archive, query: str) -> list[str]:
    with archive.reading() as connection:
        count, hits = search_articles(connection, query)
    assert count == len(hits)
    return [hit.article.title for hit in hits]


def test_an_article_comes_back_as_it_was_filed(archive: Archive) -> None:
    run = start(archive, A)
    read = read_article("http://a.example/1", language="az", title="Həmrəylik günü")
    number = file_article(archive, run, A, read)
    with archive.reading() as connection:
        [back] = articles.find_articles(connection, [number])
    assert back.article == read.article
    assert back.relevance == read.relevance
    assert (back.source.id, back.source.publisher) == (A.id, A.publisher)
    assert (back.representative_id, back.words) == (number, read.fingerprint.words)
    assert back.first_seen_at == NOW


def test_all_that_a_page_says_comes_back(archive: Archive) -> None:
    run = start(archive, A)
    said = article_with_all("http://a.example/1")
    plain = read_article("http://a.example/2", "Other. " * 60)
    numbers = [file_article(archive, run, A, read) for read in (said, plain)]
    with archive.reading() as connection:
        back = {one.id: one.article for one in articles.find_articles(connection, numbers)}
        keys = connection.execute(sa.select(alternate.c.language, alternate.c.key)).all()
    assert [back[number] for number in numbers] == [said.article, plain.article]
    assert [tuple(row) for row in keys] == [
        ("az", "https://a.example/az/1"),
        ("ru", "https://a.example/ru/1?id=5"),
        ("ru", "not an address"),
    ]


def test_articles_are_found_by_publication_and_verdict(archive: Archive) -> None:
    run = start(archive, A)
    for day, verdict in ((1, Verdict.ABOUT), (2, Verdict.ABOUT), (2, Verdict.MENTION)):
        moment = datetime(2026, 1, day, 12, tzinfo=UTC)
        read = read_article(
            f"http://a.example/{day}{verdict}",
            f"{day} {verdict}. {TEXT}",
            published_at=moment,
            verdict=verdict,
        )
        file_article(archive, run, A, read)
    start_, end = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)
    with archive.reading() as connection:
        about = articles.articles_published(connection, start_, end)
        mentions = articles.articles_published(connection, start_, end, verdict=Verdict.MENTION)
        outside = articles.newest_outside(connection, start_, end, most=5)
        assert figures.count_articles(connection, start_, end) == 1
    urls = [[one.article.url for one in each] for each in (about, mentions, outside)]
    assert urls == [
        ["http://a.example/2about"],
        ["http://a.example/2mention"],
        ["http://a.example/1about"],
    ]


# --- search ----------------------------------------------------------------


@pytest.fixture
def searchable(archive: Archive) -> Archive:
    run = start(archive, A)
    texts = {
        "Həmrəylik Günü": "Dünya azərbaycanlılarının HƏMRƏYLİYİ günü qeyd edildi.",
        "День": "День солидарности азербайджанцев мира отмечают 31 декабря.",
        "روز": "روز همبستگی آذربایجانی‌های جهان برگزار شد.",
    }
    for number, (title, text) in enumerate(texts.items()):
        moment = NOW + days(number)
        url = f"http://a.example/{number}"
        file_article(archive, run, A, read_article(url, text, title=title, published_at=moment))
    return archive


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("həmrəyliyi", ["Həmrəylik Günü"]),
        ("HEMREYLIYI gunu", ["Həmrəylik Günü"]),
        ("hemreyl*", ["Həmrəylik Günü"]),
        ('"hemreyliyi gunu"', ["Həmrəylik Günü"]),
        ('"gunu hemreyliyi"', []),
        ("солидарности", ["День"]),
        ('"солидарности азербайджанцев" 31', ["День"]),
        ("همبستگی", ["روز"]),
        ("hemreyliyi солидарности", []),
        ("nothing", []),
    ],
)
def test_any_spelling_finds_it(searchable: Archive, query: str, titles: list[str]) -> None:
    assert found(searchable, query) == titles


@pytest.mark.parametrize(
    "query",
    ["AND", 'a"b', "x OR y", "title:x", "(", "a' -- ;", "* *a", "NEAR(a b)", "a & !b", "\\", "'"],
)
def test_no_query_reaches_the_engines_own_language(searchable: Archive, query: str) -> None:
    try:
        assert found(searchable, query) == []
    except ConfigError as error:
        assert "at least one word" in str(error)  # noqa: PT017 - both ends are right


def test_a_search_without_words_is_refused(searchable: Archive) -> None:
    with pytest.raises(ConfigError, match="at least one word"):
        found(searchable, ' "" * ')


def test_search_shows_the_newest_and_counts_all(searchable: Archive) -> None:
    run = start(searchable, A)
    for number in range(3):
        moment = NOW - days(number)
        read = read_article(
            f"http://a.example/x{number}", "Many words.", title=f"T{number}", published_at=moment
        )
        file_article(searchable, run, A, read)
    with searchable.reading() as connection:
        count, hits = search_articles(connection, "many", most=2)
    assert (count, [hit.article.title for hit in hits]) == (3, ["T0", "T1"])


def test_outcomes_of_filed_articles_are_stored_and_mention(archive: Archive) -> None:
    run = start(archive, A)
    file_article(archive, run, A, read_article("http://a.example/1"))
    file_article(
        archive, run, A, read_article("http://a.example/2", "x " * 9, verdict=Verdict.MENTION)
    )
    with archive.reading() as connection:
        outcomes, _ = count_outcomes(connection, [run.id])
    assert outcomes == {Outcome.STORED: 1, Outcome.MENTION: 1}
