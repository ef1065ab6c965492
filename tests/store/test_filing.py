"""Each text of an outlet is filed once, under whatever addresses it comes."""

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.model import Image, Outcome, Source
from pipeline.store.addresses import DueAddress, Ending, save_endings
from pipeline.store.articles import find_articles
from pipeline.store.database import Archive
from pipeline.store.filing import Change, Filed, Filing, file_articles, page_ends
from pipeline.store.pages import PageLocation
from pipeline.store.runs import Run
from pipeline.store.sources import save_sources
from pipeline.store.tables import article, article_text, former_version, page, printing
from tests.fakes import NOW, TEXT, days, entries, poll, read_article, save, source
from tests.store.filing import article_with_all, filing_of, start

A, B = source("a"), source("b")


def due(archive: Archive, run: Run, outlet: Source, path: str, at: datetime = NOW) -> DueAddress:
    with archive.writing() as connection:
        [state] = save_sources(connection, [outlet])
        [address] = save(connection, run, poll(state, entries(outlet.id, path), at=at))
    return address


def filing(address: DueAddress, text: str = TEXT, **more: str) -> Filing:
    final = more.pop("final", address.url)
    read = read_article(final, text, **more)  # type: ignore[arg-type]
    return filing_of(address, read, final)


def file(archive: Archive, *filings: Filing) -> list[Filed]:
    with archive.writing() as connection:
        return file_articles(connection, filings, keep=archive.pages.append)


@pytest.fixture
def run(archive: Archive) -> Run:
    return start(archive, A, B)


@pytest.mark.parametrize("together", [True, False])
def test_one_text_under_many_addresses_is_one_article(
    archive: Archive, run: Run, *, together: bool
) -> None:
    filings = [
        filing(due(archive, run, A, "1")),
        filing(due(archive, run, A, "2"), title="Another headline"),
        filing(due(archive, run, A, "3"), "Other words. " * 60, final="http://www.a.example/1/"),
        filing(due(archive, run, B, "1")),
    ]
    if together:
        filed = file(archive, *filings)
    else:
        filed = [one for each in filings for one in file(archive, each)]
    first = filed[0].article_id
    assert [one.change is Change.NEW for one in filed] == [True, False, False, True]
    assert [one.article_id for one in filed[:3]] == [first] * 3
    assert filed[3].article_id != first, "another outlet's is a copy, and an article"
    with archive.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(article)) == 2
        pages = connection.scalar(sa.select(sa.func.count()).select_from(page))
    # Other words at the address of an article are its next version, or, at once, a sighting.
    assert pages == (2 if together else 3)


def test_last_years_text_is_a_new_article(archive: Archive, run: Run) -> None:
    old = filing(due(archive, run, A, "1", NOW - days(365)))
    new = filing(due(archive, run, A, "2"))
    assert [one.change for one in file(archive, old, new)] == [Change.NEW] * 2


def test_two_stubs_with_the_same_words_are_two_articles(archive: Archive, run: Run) -> None:
    stub = "Read on with a subscription."
    one = filing(due(archive, run, A, "1"), stub, title="One")
    two = filing(due(archive, run, A, "2"), stub, title="Two")
    again = filing(due(archive, run, A, "3"), stub, title="Two")
    filed = file(archive, one, two, again)
    assert [entry.change for entry in filed] == [Change.NEW, Change.NEW, Change.NONE]
    assert filed[2].article_id == filed[1].article_id


def test_rows_say_where_each_page_lies(archive: Archive, run: Run) -> None:
    filings = [filing(due(archive, run, A, str(n)), f"{n} {TEXT}") for n in range(3)]
    file(archive, *filings)
    archive.pages.sync()
    with archive.reading() as connection:
        ends = page_ends(connection, [run.pages_file])
        rows = connection.execute(sa.select(page).order_by(page.c.id)).all()
    assert ends == {rows[-1].file: rows[-1].start + rows[-1].size}
    for row in rows:
        body, _ = archive.pages.read(PageLocation(row.file, row.start, row.size))
        assert body == filings[0].page.body


def test_nothing_to_file_is_nothing(archive: Archive) -> None:
    assert file(archive) == []


def test_other_words_at_its_address_are_the_next_version(archive: Archive, run: Run) -> None:
    first = filing(due(archive, run, A, "1"))
    [one] = file(archive, first)
    address = replace(first.address, article_id=one.article_id)
    assert file(archive, filing(address)) == [Filed(one.article_id, Change.NONE)]
    [two] = file(archive, filing(address, f"{TEXT} And a line more."))
    assert two == Filed(one.article_id, Change.VERSION)
    with archive.reading() as connection:
        assert connection.scalar(sa.select(article.c.version)) == 2
        before = connection.execute(sa.select(former_version)).one()
        now = connection.scalar(sa.select(article_text.c.text))
        words = connection.scalar(sa.select(sa.func.count()).select_from(printing))
    assert (before.number, before.text) == (1, TEXT)
    assert now == f"{TEXT} And a line more."
    assert words == len(read_article("http://a.example/1", str(now)).fingerprint.passages)


def test_a_version_says_what_its_page_says(archive: Archive, run: Run) -> None:
    full = article_with_all("http://a.example/1")
    first = filing_of(due(archive, run, A, "1"), full, full.article.url)
    other = article_with_all("http://a.example/2")
    other = replace(other, fingerprint=fingerprint("Other. " * 60))
    second = filing_of(due(archive, run, A, "2"), other, other.article.url)
    [one, two] = [entry.article_id for entry in file(archive, first, second)]
    address = replace(first.address, article_id=one)
    later = filing(address, f"{TEXT} And a line more.")
    image = Image(url="http://a.example/hall.jpg")
    made = replace(later.read.article, image=image, alternates=full.article.alternates[:1])
    [filed] = file(archive, replace(later, read=replace(later.read, article=made)))
    assert filed.change is Change.VERSION
    with archive.reading() as connection:
        back = {each.id: each.article for each in find_articles(connection, [one, two])}
        former = connection.execute(sa.select(former_version.c.title, former_version.c.text)).all()
    assert back == {one: made, two: other.article}
    assert [tuple(row) for row in former] == [(full.article.title, full.article.text)]


def test_an_address_that_replaces_another_brings_its_version(archive: Archive, run: Run) -> None:
    first = filing(due(archive, run, A, "old"))
    [one] = file(archive, first)
    ended = Ending(address=first.address, outcome=Outcome.STORED, article_id=one.article_id)
    with archive.writing() as connection:
        save_endings(connection, run.id, [ended])
    new = replace(due(archive, run, A, "new"), replaces_id=first.address.id)
    assert file(archive, filing(new, f"{TEXT} And more.")) == [
        Filed(one.article_id, Change.VERSION)
    ]
    other = "Quite different words stand here, about boats and nothing else at all. " * 9
    newer = replace(due(archive, run, A, "newer"), replaces_id=first.address.id)
    [three] = file(archive, filing(newer, other))
    assert three.change is Change.NEW


def test_what_is_not_the_article_is_refused(archive: Archive, run: Run) -> None:
    first = filing(due(archive, run, A, "1"))
    [one] = file(archive, first)
    address = replace(first.address, article_id=one.article_id)
    other = "Quite different words stand here, about boats and nothing else at all. " * 9
    for one_filing in (
        filing(address, other, title="Boats"),
        filing(address, other, title="Boats", final="http://a.example/section"),
        filing(address, TEXT[:80]),
    ):
        [refused] = file(archive, one_filing)
        assert refused == Filed(one.article_id, Change.REFUSED)
