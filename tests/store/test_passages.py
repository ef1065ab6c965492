"""Passages printed before are found in any wording, in any order of arrival."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import permutations

import pytest
import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.model import ReadArticle
from pipeline.store.database import Archive
from pipeline.store.filing import replace_words
from pipeline.store.passages import MOST_WORDINGS, drop_passages, seen_before
from pipeline.store.tables import article, passage, passage_band, passage_year, printing
from tests.fakes import NOW, days, read_article, source
from tests.store.filing import file_article, start

A, B, C = source("a"), source("b"), source("c")
OUTLETS = {outlet.id: outlet for outlet in (A, B, C)}

STOCK = "The evening of the islands has been held in every harbour of the lake since 1991."
EDITED = "The evening of the islands has been held in every village of the lake since 1992."
NEW = "This year the council opened the hall with a concert for the fishermen and their guests."
SPEECH = "“We thank everybody who keeps the old songs alive on both sides of the water.”"


@dataclass(frozen=True)
class Told:
    """What is told of a passage, whatever the numbers of the articles."""

    first: str
    years: tuple[tuple[int, int], ...]
    is_quotation: bool


def file(archive: Archive, read: ReadArticle) -> int:
    outlet = OUTLETS[read.article.url.split("/")[2][0]]
    run = start(archive, *OUTLETS.values())
    return file_article(archive, run, outlet, read)


def told(
    archive: Archive, text: str, *, before: datetime = NOW, groups: Sequence[int] = ()
) -> list[Told]:
    """Tell of the passages of ``text`` that were seen before, in their order."""
    prints = fingerprint(text).passages
    with archive.reading() as connection:
        seen = seen_before(connection, prints, before, groups=groups)
        urls = {row.id: row.url for row in connection.execute(sa.select(article))}
    return [
        Told(
            urls[seen[one.key].first_id],
            tuple(seen[one.key].years.items()),
            seen[one.key].is_quotation,
        )
        for one in prints
        if one.key in seen
    ]


def counts(archive: Archive) -> list[int]:
    tables = (passage, passage_band, passage_year, printing)
    with archive.reading() as connection:
        return [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in tables
        ]


YEAR, TWO_YEARS = NOW - days(365), NOW - days(730)


def old(url: str, text: str, at: datetime) -> ReadArticle:
    return read_article(url, text, title=url, published_at=at)


def test_a_passage_is_told_with_its_first_outlet_and_its_years(archive: Archive) -> None:
    file(archive, old("http://a.example/1", STOCK, YEAR))
    file(archive, old("http://b.example/1", f"{STOCK}\n\n{NEW}", TWO_YEARS))
    file(archive, old("http://c.example/1", EDITED, YEAR + days(1)))
    [seen] = told(archive, f"Some words come in front. {EDITED}")
    assert seen == Told("http://b.example/1", ((2024, 1), (2025, 2)), is_quotation=False)
    assert told(archive, NEW, before=TWO_YEARS) == []
    assert told(archive, SPEECH) == []


def test_years_end_with_the_moment_that_is_asked_for(archive: Archive) -> None:
    for number in range(3):
        at = NOW - days(number / 8)
        file(archive, old(f"http://a.example/{number}", f"{STOCK} {'x' * number}", at))
    [seen] = told(archive, STOCK, before=NOW)
    assert seen.years == ((NOW.year, 2),)
    assert sum(number for _, number in told(archive, STOCK, before=NOW + days(1))[0].years) == 3


def test_copies_of_the_text_itself_are_not_earlier(archive: Archive) -> None:
    first = file(archive, old("http://a.example/1", STOCK, NOW - days(2)))
    file(archive, old("http://b.example/1", f"{NEW}\n\n{STOCK}", NOW - days(1)))
    with archive.writing() as connection:
        here = sa.update(article).where(article.c.id == first)
        connection.execute(here.values(representative_id=first))
    [seen] = told(archive, STOCK, groups=[first])
    assert (seen.first, seen.years) == ("http://b.example/1", ((NOW.year, 1),))
    assert told(archive, STOCK, before=NOW - days(1), groups=[first]) == []


READS = (
    old("http://a.example/1", f"{STOCK}\n\n{SPEECH}", YEAR),
    old("http://b.example/1", f"{EDITED}\n\n{NEW}", TWO_YEARS),
    old("http://c.example/1", f"{STOCK}\n\n{SPEECH}", TWO_YEARS),
    old("http://b.example/2", f"{NEW} {SPEECH}", YEAR),
)


@pytest.mark.parametrize("order", [*permutations(range(4))][::5])
def test_the_order_of_arrival_makes_no_difference(archive: Archive, order: Sequence[int]) -> None:
    for number in order:
        file(archive, READS[number])
    again = f"{STOCK}\n\n{SPEECH}\n\n{NEW}"
    twice = ((2024, 2), (2025, 1))
    assert told(archive, again) == [
        Told("http://b.example/1", twice, is_quotation=False),
        Told("http://c.example/1", ((2024, 1), (2025, 2)), is_quotation=True),
        Told("http://b.example/1", ((2024, 1), (2025, 1)), is_quotation=False),
    ]


def test_speech_that_few_texts_have_is_no_quotation(archive: Archive) -> None:
    numbers = [file(archive, old(f"http://{o}.example/1", SPEECH, YEAR)) for o in OUTLETS]
    [seen] = told(archive, SPEECH)
    assert seen.is_quotation
    with archive.writing() as connection:  # two of them are copies of one text
        here = sa.update(article).where(article.c.id.in_(numbers[1:]))
        connection.execute(here.values(representative_id=numbers[1]))
    [seen] = told(archive, SPEECH)
    assert not seen.is_quotation
    [seen] = told(archive, SPEECH.strip("“”"))
    assert not seen.is_quotation


def test_what_an_article_no_longer_says_is_forgotten(archive: Archive) -> None:
    file(archive, old("http://a.example/1", f"{STOCK} {NEW}", YEAR))
    before = counts(archive)
    kept = told(archive, STOCK)
    number = file(archive, old("http://b.example/1", f"{STOCK}\n\n{SPEECH}", TWO_YEARS))
    [seen, _] = told(archive, f"{STOCK} {SPEECH}")
    assert seen.first == "http://b.example/1"
    other = read_article("http://b.example/1", "Nothing to be recognised here.")
    with archive.writing() as connection:
        replace_words(connection, number, other)
    assert told(archive, f"{STOCK} {SPEECH}") == kept
    assert counts(archive) == before
    with archive.writing() as connection:
        drop_passages(connection, number)  # it has none
    assert counts(archive) == before


def test_an_article_moved_in_time_moves_its_passages(archive: Archive) -> None:
    number = file(archive, old("http://a.example/1", STOCK, YEAR))
    file(archive, old("http://b.example/1", STOCK, YEAR + days(3)))
    read = old("http://a.example/1", STOCK, YEAR)
    with archive.writing() as connection:
        replace_words(connection, number, read, published_at=YEAR + days(5))
    [seen] = told(archive, EDITED)
    assert seen.first == "http://b.example/1"
    with archive.writing() as connection:
        replace_words(connection, number, read, published_at=TWO_YEARS)
    [seen] = told(archive, EDITED)
    assert (seen.first, seen.years) == ("http://a.example/1", ((2024, 1), (2025, 1)))


def test_of_many_wordings_the_oldest_are_found(archive: Archive) -> None:
    letters = "abcdefghijklmnopqrst"
    assert len(letters) > 2 * MOST_WORDINGS
    reads = [
        old(f"http://a.example/{a}", STOCK.replace("harbour", a * 7), YEAR + days(n))
        for n, a in enumerate(letters)
    ]
    for read in reversed(reads):
        file(archive, read)
    [seen] = told(archive, EDITED)
    assert seen.first == "http://a.example/a"
    own = replace(reads[-1]).article.text
    assert told(archive, own)[0].first == "http://a.example/a"
