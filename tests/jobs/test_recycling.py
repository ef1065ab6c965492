"""What an article repeats is told with its first outlet; what it says first is not."""

from pipeline.jobs.recycling import find_recycled
from pipeline.model import ArchivedArticle
from pipeline.store import articles
from pipeline.store.database import Archive
from tests.fakes import NOW, days, read_article, source
from tests.store.filing import file_article, start

A, B = source("a"), source("b")
STOCK = "The evening of the islands has been held in every harbour of the lake since 1991."
AGAIN = "The evening of the islands has been held in every harbour of the lake since 1992."
NEW = "This year the council opened the hall with a concert for the fishermen and their guests."


def find(archive: Archive, number: int) -> ArchivedArticle:
    with archive.reading() as connection:
        [found] = articles.find_articles(connection, [number])
    return found


def test_a_sentence_of_last_year_is_told_in_the_new_wording(archive: Archive) -> None:
    run = start(archive, A, B)
    old = read_article("http://b.example/1", STOCK, published_at=NOW - days(365))
    file_article(archive, run, B, old)
    text = f"{AGAIN}\n\n{NEW}"
    new = file_article(archive, run, A, read_article("http://a.example/1", text, published_at=NOW))
    one = find(archive, new)
    with archive.reading() as connection:
        found = find_recycled(connection, one)
    [passage] = found.passages
    assert (passage.text, passage.first_url) == (AGAIN, "http://b.example/1")
    assert (passage.times, passage.years) == (1, {(NOW - days(365)).year: 1})
    assert found.share == len(AGAIN.split()) / len(text.split())


def test_what_comes_later_or_is_a_copy_is_no_earlier_printing(archive: Archive) -> None:
    run = start(archive, A, B)
    first = file_article(
        archive, run, A, read_article("http://a.example/1", STOCK, published_at=NOW)
    )
    later = read_article("http://b.example/1", f"{STOCK}\n\n{NEW}", published_at=NOW + days(40))
    file_article(archive, run, B, later)
    with archive.reading() as connection:
        found = find_recycled(connection, find(archive, first))
    assert (found.share, found.passages) == (0.0, ())
