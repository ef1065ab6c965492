"""What an article repeats is told with its first outlet; what it says first is not."""

from pipeline.jobs.recycling import find_recycled, find_week_recycled
from pipeline.model import ArchivedArticle, DuplicateGroup, Story
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


# --- of a week ------------------------------------------------------------


def stories_of(archive: Archive, numbers: list[int]) -> list[Story]:
    found = [find(archive, number) for number in numbers]
    groups = [DuplicateGroup(representative=one, members=(one,)) for one in found]
    return [Story(groups=(group,)) for group in groups]


def test_the_texts_of_a_week_are_told_apart_from_those_of_earlier_years(archive: Archive) -> None:
    run = start(archive, A, B)
    for outlet, back in ((A, 730), (B, 365)):
        url = f"http://{outlet.id}.example/old"
        file_article(archive, run, outlet, read_article(url, STOCK, published_at=NOW - days(back)))
    texts = (AGAIN, NEW, f"{NEW}\n\n{AGAIN}")
    week = [
        file_article(archive, run, A, read_article(f"http://a.example/{n}", text, published_at=NOW))
        for n, text in enumerate(texts)
    ]
    with archive.reading() as connection:
        found = find_week_recycled(connection, stories_of(archive, week), NOW - days(1), told=1)
    shares = [story.groups[0].representative.share_seen_before for story in found.stories]
    assert shares[:2] == [1.0, 0.0]
    assert 0.4 < (shares[2] or 0) < 0.6
    assert found.sample == set(week)
    [passage] = found.shown
    # In the words of the outlet that is named beside it, not in those of this week.
    assert (passage.text, passage.first_url) == (STOCK, "http://a.example/old")
    assert (found.count, passage.times, len(passage.years)) == (1, 2, 2)


def test_a_large_week_is_measured_on_some_of_its_texts(archive: Archive) -> None:
    run = start(archive, A, B)
    file_article(
        archive,
        run,
        B,
        read_article("http://b.example/1", STOCK, published_at=NOW - days(365)),
    )
    week = [
        file_article(
            archive,
            run,
            A,
            read_article(f"http://a.example/{n}", f"{AGAIN} Hall {n}.", published_at=NOW),
        )
        for n in range(9)
    ]
    with archive.reading() as connection:
        found = find_week_recycled(
            connection, stories_of(archive, week), NOW - days(1), told=2, most=3
        )
    assert found.sample == {week[0], week[3], week[6]}
    shares = [story.groups[0].representative.share_seen_before for story in found.stories]
    # The second is told in full, so it is looked up too; it does not stand for others.
    assert [number for number, share in enumerate(shares) if share] == [0, 1, 3, 6]
    assert shares.count(None) == 5
