"""Whom and what an article names is filed with it, read back, and replaced when it is read anew."""

from dataclasses import replace

import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.model import EntityMention, ReadArticle
from pipeline.store import articles
from pipeline.store.addresses import find_known
from pipeline.store.database import Archive
from pipeline.store.filing import file_articles
from pipeline.store.kept import reread_article
from pipeline.store.tables import entity_mention
from pipeline.urls import normalize_url
from tests.fakes import NOW, TEXT, days, read_article, source
from tests.store.filing import file_article, filing_of, start

A = source("a")
URL = "http://a.example/1"


def mention(name: str, count: int, *, in_title: bool = False) -> EntityMention:
    return EntityMention(entity_id=name, count=count, form=name.title(), in_title=in_title)


#: In the order in which they are read back.
NAMED = (
    mention("island", 1, in_title=True),
    mention("choir", 5),
    mention("ferry", 2),
    mention("harbour", 2),
)


def naming(*mentions: EntityMention, url: str = URL, text: str = TEXT) -> ReadArticle:
    return replace(read_article(url, text), entities=mentions)


def named(archive: Archive, number: int) -> tuple[EntityMention, ...]:
    with archive.reading() as connection:
        [found] = articles.find_articles(connection, [number])
    return found.entities


def reread(archive: Archive, number: int, read: ReadArticle) -> bool:
    with archive.writing() as connection:
        return reread_article(connection, number, read)


def test_entities_are_filed_and_read_back_those_of_the_title_first(archive: Archive) -> None:
    run = start(archive, A)
    one = file_article(archive, run, A, naming(*NAMED[::-1]))
    other = naming(url="http://a.example/2", text="Nobody is named here.")
    assert named(archive, one) == NAMED
    assert named(archive, file_article(archive, run, A, other)) == ()


def test_the_same_reading_changes_nothing_in_any_order(archive: Archive) -> None:
    number = file_article(archive, start(archive, A), A, naming(*NAMED))
    assert not reread(archive, number, naming(*NAMED[::-1]))


def test_other_entities_alone_are_a_change(archive: Archive) -> None:
    number = file_article(archive, start(archive, A), A, naming(*NAMED))
    assert reread(archive, number, naming(NAMED[0], mention("choir", 4)))
    assert named(archive, number) == (NAMED[0], mention("choir", 4))
    assert reread(archive, number, naming())
    assert named(archive, number) == ()


def test_a_new_version_names_what_it_names(archive: Archive) -> None:
    number = file_article(archive, start(archive, A), A, naming(*NAMED))
    text = f"{TEXT} And a line that was added at night."
    read = replace(naming(NAMED[1], text=text), fingerprint=fingerprint(text))
    with archive.writing() as connection:
        due = find_known(connection, [normalize_url(URL)])[normalize_url(URL)].due
        one = filing_of(due, read, URL, at=NOW + days(1))
        file_articles(connection, [one], keep=archive.pages.append)
    assert named(archive, number) == (NAMED[1],)
    with archive.reading() as connection:
        assert len(connection.execute(sa.select(entity_mention)).all()) == 1
