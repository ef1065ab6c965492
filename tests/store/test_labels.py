"""A label counts at once, and stays whatever is read; taken back, the rules judge again."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.jobs.curate import curate
from pipeline.model import ArchivedArticle, Judge, Keep, ReadArticle, Relevance, Verdict
from pipeline.store import articles, labels, verdicts
from pipeline.store.addresses import find_known
from pipeline.store.database import Archive
from pipeline.store.filing import Change, Filed, file_articles
from pipeline.store.kept import drop_from_topic, reread_article
from pipeline.store.labels import Label
from pipeline.store.tables import article, copy_link
from pipeline.urls import normalize_url
from tests.fakes import NOW, TEXT, days, read_article, source
from tests.store.filing import file_article, filing_of, start

A, B = source("a"), source("b")
URL = "http://a.example/1"


@pytest.fixture
def number(archive: Archive) -> int:
    """The number of an article that has a copy; the rules take both for about the topic."""
    run = start(archive, A, B)
    filed = file_article(archive, run, A, read_article(URL, published_at=NOW - days(1)))
    file_article(archive, run, B, read_article("http://b.example/1"))
    assert curate(archive).copies == 1
    return filed


def say(archive: Archive, number: int, verdict: Verdict) -> None:
    with archive.writing() as connection:
        labels.save_label(connection, number, Label(verdict, NOW))


def take_back(archive: Archive, number: int) -> None:
    with archive.writing() as connection:
        labels.remove_label(connection, number)


def find(archive: Archive, number: int) -> ArchivedArticle:
    with archive.reading() as connection:
        [found] = articles.find_articles(connection, [number])
    return found


def judged(archive: Archive, number: int) -> tuple[Verdict, Judge, Verdict | None]:
    """What counts, whose that is, and what the rules say if it is not theirs."""
    one = find(archive, number)
    return one.relevance.verdict, one.judged_by, one.by_rules.verdict if one.by_rules else None


BY_RULES = (Verdict.ABOUT, Judge.RULES, None)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_label_counts_at_once_and_can_be_taken_back(
    archive: Archive, number: int, verdict: Verdict
) -> None:
    say(archive, number, verdict)
    assert judged(archive, number) == (verdict, Judge.LABEL, Verdict.ABOUT)
    with archive.reading() as connection:
        assert labels.find_label(connection, number) == Label(verdict, NOW)
        assert labels.count_labels(connection) == {verdict: 1}
        assert [one.id for one in articles.labelled_articles(connection)] == [number]
    take_back(archive, number)
    assert judged(archive, number) == BY_RULES
    with archive.reading() as connection:
        assert labels.find_label(connection, number) is None
        assert articles.labelled_articles(connection) == []


def test_of_two_labels_the_last_counts(archive: Archive, number: int) -> None:
    say(archive, number, Verdict.UNRELATED)
    say(archive, number, Verdict.MENTION)
    assert judged(archive, number) == (Verdict.MENTION, Judge.LABEL, Verdict.ABOUT)
    with archive.reading() as connection:
        assert labels.count_labels(connection) == {Verdict.MENTION: 1}


def test_the_same_label_again_changes_nothing(archive: Archive, number: int) -> None:
    say(archive, number, Verdict.UNRELATED)
    before = find(archive, number)
    say(archive, number, Verdict.UNRELATED)
    assert find(archive, number) == before


def places(archive: Archive) -> tuple[list[int | None], int]:
    """Each article's representative, and how many links there are."""
    with archive.reading() as connection:
        query = sa.select(article.c.representative_id).order_by(article.c.id)
        links = connection.scalar(sa.select(sa.func.count()).select_from(copy_link)) or 0
        return [*connection.scalars(query)], links


def test_what_is_unrelated_leaves_its_copies_and_finds_them_again(
    archive: Archive, number: int
) -> None:
    assert places(archive) == ([1, 1], 1)
    say(archive, number, Verdict.UNRELATED)
    assert places(archive) == ([None, None], 0)
    assert curate(archive).curated == 1, "the other"
    assert places(archive) == ([None, 2], 0)
    take_back(archive, number)
    assert curate(archive).curated == 1
    assert places(archive) == ([1, 1], 1)


def test_a_mention_keeps_its_place_among_copies(archive: Archive, number: int) -> None:
    say(archive, number, Verdict.MENTION)
    assert places(archive) == ([1, 1], 1)


# --- and is read again --------------------------------------------------------


def other_words(read: ReadArticle) -> ReadArticle:
    text = f"{TEXT} And a line that was added at night."
    made = replace(read.article, text=text)
    return replace(read, article=made, fingerprint=fingerprint(text))


def other_byline(read: ReadArticle) -> ReadArticle:
    return replace(read, article=replace(read.article, byline="The choir"))


@pytest.mark.parametrize("change", [other_words, other_byline])
@pytest.mark.parametrize("verdict", [Verdict.MENTION, Verdict.UNRELATED])
def test_a_label_outlives_a_rereading(
    archive: Archive, number: int, verdict: Verdict, change: object
) -> None:
    assert callable(change)
    say(archive, number, verdict)
    read = change(read_article(URL, published_at=NOW - days(1)))
    with archive.writing() as connection:
        assert reread_article(connection, number, read)
    assert judged(archive, number) == (verdict, Judge.LABEL, Verdict.ABOUT)
    assert find(archive, number).article == read.article
    curate(archive)
    assert judged(archive, number) == (verdict, Judge.LABEL, Verdict.ABOUT)
    with archive.writing() as connection:
        assert not reread_article(connection, number, read)


def test_a_label_outlives_a_new_version(archive: Archive, number: int) -> None:
    say(archive, number, Verdict.MENTION)
    start(archive, A)
    read = other_words(read_article(URL, published_at=NOW - days(1)))
    with archive.writing() as connection:
        due = find_known(connection, [normalize_url(URL)])[normalize_url(URL)].due
        one = filing_of(due, read, URL, at=NOW + days(1))
        [filed] = file_articles(connection, [one], keep=archive.pages.append)
    assert filed == Filed(number, Change.VERSION)
    assert judged(archive, number) == (Verdict.MENTION, Judge.LABEL, Verdict.ABOUT)
    assert find(archive, number).article.text == read.article.text


def test_what_the_rules_would_drop_stays_as_it_is_labelled(archive: Archive, number: int) -> None:
    say(archive, number, Verdict.ABOUT)
    none = Relevance(verdict=Verdict.UNRELATED, score=0.0)
    with archive.writing() as connection:
        assert drop_from_topic(connection, number, none)
        assert not drop_from_topic(connection, number, none)
    assert judged(archive, number) == (Verdict.ABOUT, Judge.LABEL, Verdict.UNRELATED)
    assert places(archive) == ([1, 1], 1)
    take_back(archive, number)
    assert judged(archive, number) == (Verdict.UNRELATED, Judge.RULES, None)
    assert places(archive) == ([None, None], 0)


def test_what_a_model_has_judged_is_judged_anew_when_it_is_read_otherwise(
    archive: Archive, number: int
) -> None:
    learned = Relevance(verdict=Verdict.MENTION, score=0.2)
    with archive.writing() as connection:
        columns = verdicts.judged_by_model(learned, judged_with="x")
        verdicts.give_verdict(connection, number, columns)
    assert judged(archive, number) == (Verdict.MENTION, Judge.MODEL, Verdict.ABOUT)
    assert find(archive, number).relevance.score == 0.2
    read = read_article(URL, published_at=NOW - days(1))
    with archive.writing() as connection:
        assert not reread_article(connection, number, read), "the same reading changes nothing"
        assert 1 not in [one.id for one in verdicts.find_unsettled(connection, "x", most=9)]
        assert reread_article(connection, number, other_byline(read))
        assert 1 in [one.id for one in verdicts.find_unsettled(connection, "x", most=9)]
    assert judged(archive, number) == BY_RULES


# --- what is offered ------------------------------------------------------------


def test_what_is_offered_is_the_first_of_copies_without_a_label(
    archive: Archive, number: int
) -> None:
    all_of_it = replace(source("c"), keep=Keep.ALL)
    run = start(archive, A, B, all_of_it)
    other = read_article("http://a.example/2", "Another text.", published_at=NOW - days(3))
    added = file_article(archive, run, A, other)
    file_article(archive, run, all_of_it, read_article("http://c.example/1", "A third text."))

    def offered() -> list[int]:
        with archive.reading() as connection:
            return [one for one, _ in labels.find_unlabelled(connection)]

    assert offered() == [number, added]
    say(archive, number, Verdict.ABOUT)
    assert offered() == [added]
