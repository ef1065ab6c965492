"""Kept pages are read again without the network, and what differs is filed."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import StoreError
from pipeline.jobs.curate import curate
from pipeline.jobs.rereading import Rereading, RereadReport, reread
from pipeline.model import Outcome
from pipeline.store.copies import leave_copies
from pipeline.store.filing import replace_words
from pipeline.store.passages import drop_passages
from pipeline.store.runs import count_outcomes
from pipeline.store.search import search_articles
from pipeline.store.tables import (
    address,
    alternate,
    article,
    article_text,
    band,
    disagreement,
    page,
    printing,
)
from tests.fakes import read_article
from tests.jobs.press import Press, feed, item, words
from tests.jobs.press import article as page_of

#: What is asked of the database here, `tests/store` and other jobs ask of PostgreSQL too.
DATABASES = ("sqlite",)

OUTLETS = """
  - {id: a, name: A, publisher: private, languages: [en], time_zone: UTC, keep: all,
     feeds: [{url: "http://a.example/feed"}]}
  - {id: b, name: B, publisher: private, languages: [en], time_zone: UTC, keep: all,
     feeds: [{url: "http://b.example/feed"}]}
"""


@pytest.fixture
def filed(press: Press) -> Press:
    """Two outlets that print one text, and a page that is no article."""
    press.read(OUTLETS)
    press.answers = {
        "a.example/feed": feed(
            item("http://a.example/1", "One"), item("http://a.example/empty", "Empty")
        ),
        "b.example/feed": feed(item("http://b.example/1", "One")),
        "a.example/1": page_of("One", words("one")),
        "a.example/empty": page_of("Empty", ""),
        "b.example/1": page_of("One", words("one")),
    }
    press.collect()
    curate(press.archive)
    press.answers.clear()
    press.asked.clear()
    return press


def again(press: Press, **more: object) -> RereadReport:
    return reread(press.archive, press.catalogue, readers=press.readers, **more)  # type: ignore[arg-type]


def change(press: Press, statement: sa.Update) -> None:
    with press.archive.writing() as connection:
        connection.execute(statement)


def test_the_same_reader_reads_the_same(filed: Press) -> None:
    before = filed.rows(article.c.id, article.c.title, article.c.representative_id)
    assert again(filed).counts == {Rereading.SAME: 3}
    assert filed.rows(article.c.id, article.c.title, article.c.representative_id) == before
    assert not filed.asked


def test_what_was_read_wrong_is_put_right(filed: Press) -> None:
    [(number,), _] = filed.rows(article.c.id)
    before = filed.rows(article.c.representative_id)
    with filed.archive.writing() as connection:
        menu = read_article("http://a.example/1", "Menu", title="Menu")
        replace_words(connection, number, menu, published_origin="seen")
    assert again(filed).counts == {Rereading.CHANGED: 1, Rereading.SAME: 2}
    assert {title for (title,) in filed.rows(article.c.title)} == {"One"}
    assert len(filed.rows(printing.c.passage_key)) == 2
    with filed.archive.reading() as connection:
        assert search_articles(connection, "choir", most=5)[0] == 2
        assert search_articles(connection, "menu", most=5)[0] == 0
    assert curate(filed.archive).curated == 2, "its copies are looked for anew"
    assert filed.rows(article.c.representative_id) == before
    assert len(set(before)) == 1
    assert [version for (version,) in filed.rows(article.c.version)] == [1, 1]


def test_a_page_that_is_an_article_now_is_filed(filed: Press) -> None:
    row = sa.select(address.c.id).where(address.c.url == "http://a.example/1").scalar_subquery()
    with filed.archive.writing() as connection:
        [number] = connection.scalars(
            sa.select(article.c.id)
            .join(page, page.c.id == article.c.page_id)
            .where(page.c.address_id == row)
        )
        for forget in (leave_copies, drop_passages):
            forget(connection, number)
        for table in (alternate, disagreement, band, article_text):
            connection.execute(sa.delete(table).where(table.c.article_id == number))
        connection.execute(sa.delete(article).where(article.c.id == number))
        lost: dict[str, object] = {"outcome": Outcome.REJECTED, "reason": "no text"}
        lost |= {"article_id": None, "due_at": None}
        connection.execute(sa.update(address).where(address.c.id == row).values(lost))
    pages = len(filed.rows(page.c.id))
    assert again(filed).counts[Rereading.GAINED] == 1
    assert len(filed.rows(article.c.id)) == 2
    assert len(filed.rows(page.c.id)) == pages, "its page was kept already"
    outcomes = dict(filed.rows(address.c.url, address.c.outcome))
    assert outcomes["http://a.example/1"] == Outcome.STORED


def test_outcomes_still_add_up(filed: Press) -> None:
    change(filed, sa.update(address).where(address.c.reason.is_not(None)).values(reason="gone"))
    with filed.archive.reading() as connection:
        before, _ = count_outcomes(connection, [1])
    assert again(filed).counts[Rereading.CHANGED] == 1
    with filed.archive.reading() as connection:
        after, _ = count_outcomes(connection, [1])
    assert sum(before.values()) == sum(after.values()) == 3


@pytest.mark.parametrize(
    ("chosen", "number"),
    [({"source_id": "b"}, 1), ({"source_id": "a"}, 2), ({"since": timedelta(days=1)}, 0)],
)
def test_only_what_is_chosen_is_read(filed: Press, chosen: dict[str, object], number: int) -> None:
    if isinstance(since := chosen.get("since"), timedelta):
        chosen = {"since": filed.now + since}
    assert sum(again(filed, **chosen).counts.values()) == number


def test_a_lost_file_costs_no_article(filed: Press, tmp_path: Path) -> None:
    [file] = (tmp_path / "pages").iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    report = again(filed)
    assert report.counts == {Rereading.SAME: 2, Rereading.MISSING: 1}
    assert len(report.damaged) == 1
    file.unlink()
    assert again(filed).counts == {Rereading.MISSING: 3}
    assert len(filed.rows(article.c.id)) == 2


def test_a_page_with_another_body_is_not_believed(filed: Press) -> None:
    change(filed, sa.update(page).values(sha256="0" * 64))
    report = again(filed)
    assert report.counts == {Rereading.MISSING: 3}
    assert "not the page of" in report.damaged[0]


def test_it_waits_for_no_other_writer(filed: Press) -> None:
    with filed.archive.only_writer(), pytest.raises(StoreError, match="another run"):
        again(filed)


# --- the feed's words for a page that shows a wall ----------------------------

WALL = """<html><head><title>Before you continue</title></head><body><main>
<h1>We use cookies</h1><p>We and our partners store cookies on your device. Accept all cookies
to continue to the site, or manage your consent choices.</p><button>Accept all</button></main>
</body></html>"""


@pytest.mark.parametrize("body", [WALL, page_of("Shell", "").replace("<h1>Shell</h1>", "")])
def test_the_feeds_words_stand_in_for_a_wall(press: Press, body: str) -> None:
    press.read(OUTLETS)
    summary = words("one", 4)
    press.answers = {
        "a.example/feed": feed(
            item("http://a.example/1", "One", summary=summary),
            item("http://a.example/2", "Two", summary="Two words"),
        ),
        "b.example/feed": feed(),
        "a.example/1": body,
        "a.example/2": body,
    }
    report = press.collect()
    assert report.outcomes == {Outcome.STORED: 1, Outcome.REJECTED: 1}
    assert press.rows(article.c.title, article.c.text_origin) == [("One", "feed")]
    [(text,)] = press.rows(article_text.c.text)
    assert "The one choir of the island" in text
    assert press.rows(address.c.summary) == [(None,), (None,)], "kept no longer than needed"
    # When the wall is gone the page's own words are the next version.
    press.answers["a.example/1"] = page_of("One", words("one"))
    assert press.collect(after=timedelta(hours=7)).outcomes[Outcome.UPDATED] == 1
    assert press.rows(article.c.text_origin, article.c.version) == [("page", 2)]
    # And a wall that comes back is none.
    press.answers["a.example/1"] = body
    press.collect(after=timedelta(hours=20))
    assert press.rows(article.c.text_origin, article.c.version) == [("page", 2)]


def test_a_page_goes_under_the_address_that_it_names(press: Press) -> None:
    press.read(OUTLETS)
    named = "<link rel='canonical' href='http://a.example/news/one-12345'>"
    press.answers = {
        "a.example/feed": feed(
            item("http://a.example/p?id=12345", "One"),
            item("http://a.example/news/one-12345", "One"),
        ),
        "b.example/feed": feed(),
        "a.example/p?id=12345": page_of("One", words("one"), head=named),
        "a.example/news/one-12345": page_of("One", words("one") + "\nMore words.", head=named),
    }
    report = press.collect()
    assert report.outcomes == {Outcome.STORED: 1, Outcome.UNCHANGED: 1}
    assert press.rows(article.c.key) == [("https://a.example/news/one-12345",)]


def test_one_canonical_for_all_pages_joins_none(press: Press) -> None:
    press.read(OUTLETS)
    named = "<link rel='canonical' href='http://a.example/news/12345'>"
    press.answers = {
        "a.example/feed": feed(*(item(f"http://a.example/{n}", f"T {n}") for n in (1, 2, 3))),
        "b.example/feed": feed(),
        **{f"a.example/{n}": page_of(f"T {n}", words(f"w{n}" * 3), head=named) for n in (1, 2, 3)},
    }
    assert press.collect().outcomes == {Outcome.STORED: 3}
