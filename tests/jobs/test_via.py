"""Search feeds: the outlet counts, and the aggregator is the way to it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pipeline.model import Outcome, Reason
from pipeline.store import history
from pipeline.store.tables import address, article, sighting, source
from tests.jobs.press import Answer, Press, feed, item, words
from tests.jobs.press import article as page_of

#: What is asked of the database here, `tests/store` and other jobs ask of PostgreSQL too.
DATABASES = ("sqlite",)

SOURCES = """
  - {id: search, name: A search, publisher: aggregator, languages: [en], time_zone: UTC,
     homepage: "http://search.example", keep: all,
     feeds: [{url: "http://search.example/rss"}]}
  - {id: outlet, name: Outlet, publisher: state agency, languages: [en], time_zone: UTC, keep: all,
     homepage: "http://outlet.example", feeds: [{url: "http://outlet.example/feed"}]}
"""


def outlets(press: Press) -> list[tuple[object, ...]]:
    """The outlet of each article, with its name and kind."""
    with press.archive.reading() as connection:
        rows = connection.execute(
            sa.select(
                article.c.url, source.c.id, source.c.name, source.c.publisher, source.c.found_by
            )
            .join(source, source.c.id == article.c.source_id)
            .order_by(article.c.id)
        )
        return [tuple(row) for row in rows]


def test_an_outlet_that_we_know_is_the_publisher(press: Press) -> None:
    press.read(SOURCES)
    press.answers = {
        "search.example/rss": feed(item("http://outlet.example/1", "One - Outlet")),
        "outlet.example/feed": feed(item("http://outlet.example/1", "One")),
        "outlet.example/1": page_of("One", words("one")),
    }
    report = press.collect()
    assert report.outcomes == {Outcome.STORED: 1}
    assert [row[1] for row in outlets(press)] == ["outlet"]
    assert len(press.rows(sighting.c.feed_id)) == 2, "one article, two sightings"
    [(number,)] = press.rows(article.c.id)
    with press.archive.reading() as connection:
        seen = history.sightings_of(connection, number)
    assert {one.source_publisher for one in seen} == {"aggregator", "state agency"}


def test_an_outlet_that_we_do_not_know_is_filed_as_found(press: Press) -> None:
    press.read(SOURCES)
    told = "<source url='http://paper.example'>The Paper</source>"
    about = "The Solidarity Day of World Azerbaijanis was marked. " + words("day").replace(
        "\n", " "
    )
    press.answers = {
        "search.example/rss": feed(item("http://paper.example/9", "Nine", more=told)),
        "outlet.example/feed": feed(),
        "paper.example/9": page_of("Solidarity Day of World Azerbaijanis", about),
    }
    report = press.collect()
    assert report.outcomes == {Outcome.STORED: 1}
    assert outlets(press) == [
        ("http://paper.example/9", "paper.example", "The Paper", "other", "search")
    ]
    again = press.collect(after=timedelta(hours=1))
    assert again.outcomes == {Outcome.UNCHANGED: 1}


def test_a_link_of_the_aggregator_is_followed_to_the_outlet(press: Press) -> None:
    press.read(SOURCES)
    press.answers = {
        "search.example/rss": feed(
            item("http://search.example/away/1", "One"), item("http://search.example/away/2", "Two")
        ),
        "outlet.example/feed": feed(),
        "search.example/away/1": Answer(
            status=302, headers={"Location": "http://outlet.example/1"}
        ),
        "search.example/away/2": page_of("Please wait", words("wait")),
        "outlet.example/1": page_of("One", words("one")),
    }
    report = press.collect()
    assert report.outcomes == {Outcome.STORED: 1, Outcome.REJECTED: 1}
    assert report.reasons == {Reason.UNRESOLVED: 1}
    assert [row[1] for row in outlets(press)] == ["outlet"], "never the aggregator"
    assert sorted(press.rows(address.c.outcome)) == [("rejected",), ("stored",)]


def test_an_article_of_a_found_outlet_is_due_until_it_is_read(press: Press) -> None:
    press.read(SOURCES)
    told = "<source url='http://paper.example'>The Paper</source>"
    press.answers = {
        "search.example/rss": feed(item("http://paper.example/9", "Nine", more=told)),
        "outlet.example/feed": feed(),
        "paper.example/9": Answer(status=404),
    }
    press.collect()
    press.answers["paper.example/9"] = page_of(
        "Nine", "Solidarity Day of World Azerbaijanis. " + words("nine").replace("\n", " ")
    )
    press.answers["search.example/rss"] = feed()
    assert press.collect(after=timedelta(hours=1)).outcomes == {Outcome.STORED: 1}


ABOUT = "The Solidarity Day of World Azerbaijanis was marked. "


def paper(press: Press, *, names: str = "http://paper.example") -> None:
    """Let the search name an article of an outlet that we do not know."""
    told = f"<source url='{names}'>The Paper</source>"
    press.answers |= {
        "search.example/rss": feed(item("http://paper.example/nine-90909", "Nine", more=told)),
        "outlet.example/feed": feed(),
        "paper.example/nine-90909": page_of("Nine", ABOUT + words("nine").replace("\n", " ")),
    }


def test_what_a_removed_aggregator_named_is_read_when_another_names_it(press: Press) -> None:
    press.read(SOURCES)
    paper(press)
    press.answers["paper.example/nine-90909"] = Answer(status=404)
    press.collect()
    press.read(SOURCES.replace("id: search", "id: seek").replace("/rss", "/rss2"))
    paper(press)
    press.answers["search.example/rss2"] = press.answers["search.example/rss"]
    report = press.collect(after=timedelta(hours=2))
    assert report.outcomes == {Outcome.STORED: 1}
    assert press.asked["paper.example/nine-90909"] == 1


def test_an_outlet_that_we_do_not_poll_is_read_once(press: Press) -> None:
    press.read(SOURCES.replace("publisher: state agency", "enabled: false, publisher: private"))
    press.answers = {
        "search.example/rss": feed(item("http://outlet.example/1", "One")),
        "outlet.example/1": page_of("One", words("one")),
    }
    assert press.collect().outcomes == {Outcome.STORED: 1}
    assert press.asked["outlet.example/1"] == 1
    assert [row[1] for row in outlets(press)] == ["outlet"]


def test_a_found_outlet_that_is_added_takes_its_articles_over(press: Press) -> None:
    press.read(SOURCES)
    paper(press)
    press.collect()
    own = (
        SOURCES
        + """
  - {id: paper, name: Paper, publisher: private, languages: [en], time_zone: UTC, keep: all,
     feeds: [{url: "http://paper.example/feed"}]}
"""
    )
    press.read(own)
    changed = "http://paper.example/nine-again-90909"
    press.answers["paper.example/feed"] = feed(item(changed, "Nine again"))
    press.answers["paper.example/nine-again-90909"] = page_of(
        "Nine again", ABOUT + words("nine").replace("\n", " ") + " And more."
    )
    press.collect(after=timedelta(hours=2))
    assert press.rows(article.c.source_id) == [("paper",)]


@pytest.mark.parametrize("names", ["http://outlet/", "http://127.0.0.1/", "http://[::1]/", "//x"])
def test_an_outlet_has_a_name_with_a_dot(press: Press, names: str) -> None:
    press.read(SOURCES)
    paper(press, names=names)
    press.answers["search.example/rss"] = feed(
        item("http://search.example/away", "Nine", more=f"<source url='{names}'>Paper</source>")
    )
    press.answers["search.example/away"] = Answer(
        status=302, headers={"Location": "http://paper.example/nine-90909"}
    )
    assert press.collect().outcomes == {Outcome.STORED: 1}
    assert [row[1] for row in outlets(press)] == ["paper.example"]


def test_an_outlet_does_not_get_the_name_of_another(press: Press) -> None:
    press.read(SOURCES)
    told = "<source url='http://outlet.example'>Outlet</source>"
    paper(press)
    press.answers["search.example/rss"] = feed(
        item("http://search.example/away", "Nine", more=told)
    )
    press.answers["search.example/away"] = Answer(
        status=302, headers={"Location": "http://paper.example/nine-90909"}
    )
    press.collect()
    assert [row[1:3] for row in outlets(press)] == [("paper.example", "paper.example")]
