"""An article that changes is one article with several versions."""

from datetime import timedelta

import pytest

from pipeline.jobs.rereading import Rereading, reread
from pipeline.model import Outcome, Reason
from pipeline.store import history
from pipeline.store.history import Version
from pipeline.store.tables import article, article_text, page, sighting
from tests.jobs.press import Answer, Press, feed, item, words
from tests.jobs.press import article as page_of

#: What is asked of the database here, `tests/store` and other jobs ask of PostgreSQL too.
DATABASES = ("sqlite",)

HOUR = timedelta(hours=1)
OUTLET = """
  - {id: outlet, name: Outlet, publisher: private, languages: [en], time_zone: UTC, keep: all,
     feeds: [{url: "http://outlet.example/feed"}]}
"""


@pytest.fixture
def outlet(press: Press) -> Press:
    """An outlet with one article, collected."""
    press.read(OUTLET)
    press.answers = {
        "outlet.example/feed": feed(item("http://outlet.example/news/choir-12345", "The choir")),
        "outlet.example/news/choir-12345": page_of("The choir", words("old")),
    }
    assert press.collect().outcomes == {Outcome.STORED: 1}
    return press


def versions(press: Press) -> list[Version]:
    [(number,)] = press.rows(article.c.id)
    with press.archive.reading() as connection:
        return history.versions_of(connection, number)


def test_a_new_headline_in_the_feed_brings_a_new_version(outlet: Press) -> None:
    outlet.answers["outlet.example/feed"] = feed(
        item("http://outlet.example/news/choir-12345", "The new choir")
    )
    changed = words("old").replace("number 3", "number 33")
    outlet.answers["outlet.example/news/choir-12345"] = page_of("The new choir", changed)
    report = outlet.collect(after=HOUR)
    assert report.outcomes == {Outcome.UPDATED: 1}
    first, second = versions(outlet)
    assert (first.number, first.title, second.title) == (1, "The choir", "The new choir")
    assert "number 33" in second.text
    assert "number 33" not in first.text
    assert outlet.rows(article.c.version, article.c.representative_id) == [(2, None)]
    assert len(outlet.rows(page.c.id)) == 2, "the raw page of each version is kept"
    assert outlet.collect(after=HOUR).outcomes == {Outcome.UNCHANGED: 1}


def test_an_article_is_looked_at_again_for_two_days(outlet: Press) -> None:
    address = "outlet.example/news/choir-12345"
    assert not outlet.collect(after=HOUR).outcomes.get(Outcome.UPDATED)
    assert outlet.asked[address] == 0, "an hour later nothing is to be expected"
    outlet.answers[address] = page_of("The choir", words("old") + "\nA correction was added.")
    assert outlet.collect(after=6 * HOUR).outcomes[Outcome.UPDATED] == 1
    looks = []
    for _ in range(10):
        outlet.collect(after=12 * HOUR)
        looks.append(outlet.asked[address])
    assert sum(looks) == 2
    assert looks[6:] == [0] * 4


def test_a_host_that_knows_its_page_sends_it_once(press: Press) -> None:
    press.read(OUTLET)
    press.answers = {
        "outlet.example/feed": feed(item("http://outlet.example/a-1", "A")),
        "outlet.example/a-1": Answer(page_of("A", words("a")), headers={"ETag": '"one"'}),
    }
    press.collect()
    assert press.collect(after=7 * HOUR).outcomes == {Outcome.UNCHANGED: 1}
    sent = dict(press.heard)["outlet.example/a-1"]
    assert sent["If-None-Match"] == '"one"'
    [only] = versions(press)
    assert only.number == 1


@pytest.mark.parametrize(
    ("guid", "link"),
    [
        ("g", "http://outlet.example/news/another-headline"),  # the guid tells
        ("h", "http://outlet.example/news/another-headline-12345"),  # the number tells
    ],
)
def test_a_headline_that_changes_the_address_makes_no_second_article(
    press: Press, guid: str, link: str
) -> None:
    press.read(OUTLET)
    old = "http://outlet.example/news/choir-12345"
    other = item("http://outlet.example/news/other-777777", "Other")
    path = link.removeprefix("http://")
    press.answers = {
        "outlet.example/feed": feed(item(old, "The choir", guid="g"), other),
        "outlet.example/news/choir-12345": page_of("The choir", words("old")),
        "outlet.example/news/other-777777": page_of("Other", words("other")),
        path: page_of("Another headline", words("old") + "\nAnd one line more."),
    }
    press.collect()
    press.answers["outlet.example/feed"] = feed(item(link, "Another headline", guid=guid), other)
    report = press.collect(after=HOUR)
    assert report.outcomes == {Outcome.UPDATED: 1, Outcome.UNCHANGED: 1}
    assert sorted(press.rows(article.c.title, article.c.version)) == [
        ("Another headline", 2),
        ("Other", 1),
    ]


def test_a_number_that_is_used_twice_makes_two_articles(press: Press) -> None:
    press.read(OUTLET)
    press.answers = {
        "outlet.example/feed": feed(item("http://outlet.example/news/one-12345", "One")),
        "outlet.example/news/one-12345": page_of("One", words("one")),
        "outlet.example/news/two-12345": page_of("Two", words("two").replace("choir", "team")[9:]),
    }
    press.collect()
    text = "\n".join(f"Quite different words stand here, line {n} of them." for n in range(9))
    press.answers["outlet.example/news/two-12345"] = page_of("Two", text)
    press.answers["outlet.example/feed"] = feed(item("http://outlet.example/news/two-12345", "Two"))
    press.collect(after=HOUR)
    assert sorted(press.rows(article.c.title, article.c.version)) == [("One", 1), ("Two", 1)]


def test_what_goes_away_leaves_the_article(outlet: Press) -> None:
    del outlet.answers["outlet.example/news/choir-12345"]
    report = outlet.collect(after=7 * HOUR)
    assert report.outcomes == {Outcome.FAILED: 1}
    assert len(outlet.rows(article_text.c.text)) == 1
    assert outlet.collect(after=7 * HOUR).outcomes == {Outcome.UNCHANGED: 1}


def test_a_counter_in_a_summary_does_not_fetch_for_ever(outlet: Press) -> None:
    fetched = 0
    for number in range(12):
        entry = item("http://outlet.example/news/choir-12345", "The choir", summary=f"{number}")
        outlet.answers["outlet.example/feed"] = feed(entry)
        outlet.collect(after=HOUR / 4)
        fetched += outlet.asked["outlet.example/news/choir-12345"]
    assert fetched <= 10
    assert outlet.rows(sighting.c.changes) == [(8,)]


# --- what stands at the address of an article and is not it --------------------


def moved(location: str) -> Answer:
    return Answer(status=302, headers={"Location": location})


OTHER = "\n".join(
    f"Quite different words stand here, line {n} of them, on fishing." for n in range(9)
)


@pytest.mark.parametrize(
    "answer",
    [
        moved("http://outlet.example/section/latest-90"),  # a redirect to whatever is newest
        page_of("Fishing", OTHER),  # the address was given to another article
        page_of("The choir", words("old", 2)),  # a stub before a pay wall
        page_of("Хор", OTHER.replace("fishing", "рыбалка")),
    ],
)
def test_what_is_not_the_article_does_not_become_its_version(
    outlet: Press, answer: Answer | str
) -> None:
    before = outlet.rows(article.c.title, article.c.text_hash, article.c.version)
    outlet.answers["outlet.example/news/choir-12345"] = answer
    outlet.answers["outlet.example/section/latest-90"] = page_of("Fishing", OTHER)
    report = outlet.collect(after=7 * HOUR)
    assert report.reasons == {Reason.REPLACED: 1}
    assert outlet.rows(article.c.title, article.c.text_hash, article.c.version) == before
    # It is looked at again: what was in the way may go.
    corrected = words("old") + "\nA correction was added."
    outlet.answers["outlet.example/news/choir-12345"] = page_of("The choir", corrected)
    assert outlet.collect(after=20 * HOUR).outcomes[Outcome.UPDATED] == 1


def test_an_address_that_leads_to_another_article_now_leads_there(press: Press) -> None:
    press.read(OUTLET)
    links = [f"http://outlet.example/news/{name}" for name in ("one", "two")]
    press.answers = {
        "outlet.example/feed": feed(*(item(link, link[-3:]) for link in links)),
        "outlet.example/news/one": page_of("One", words("one")),
        "outlet.example/news/two": page_of("Two", OTHER),
    }
    press.collect()
    press.answers["outlet.example/news/one"] = moved(links[1])
    assert press.collect(after=7 * HOUR).outcomes == {Outcome.UNCHANGED: 2}
    assert sorted(press.rows(article.c.title, article.c.version)) == [("One", 1), ("Two", 1)]


def test_an_old_address_does_not_bring_the_old_words_back(press: Press) -> None:
    press.read(OUTLET)
    old, new = (f"http://outlet.example/news/{name}-12345" for name in ("old", "new"))
    press.answers = {
        "outlet.example/feed": feed(item(old, "Old")),
        "outlet.example/news/old-12345": page_of("Old", words("choir")),
        "outlet.example/news/new-12345": page_of("New", words("choir") + "\nOne line more."),
    }
    press.collect()
    press.answers["outlet.example/feed"] = feed(item(new, "New"))
    press.collect(after=HOUR)
    for _ in range(6):
        press.collect(after=10 * HOUR)
    assert press.rows(article.c.title, article.c.version) == [("New", 2)]


def test_a_wall_at_one_look_does_not_end_the_looks(outlet: Press) -> None:
    address = "outlet.example/news/choir-12345"
    outlet.answers[address] = page_of("The choir", "")
    assert outlet.collect(after=7 * HOUR).outcomes == {Outcome.REJECTED: 1}
    outlet.answers[address] = page_of("The choir", words("old") + "\nA correction was added.")
    assert outlet.collect(after=20 * HOUR).outcomes[Outcome.UPDATED] == 1


def test_a_page_that_is_late_is_tried_again(press: Press) -> None:
    press.read(OUTLET)
    press.answers["outlet.example/feed"] = feed(item("http://outlet.example/a-1", "A"))
    assert press.collect().reasons == {Reason.NOT_FOUND: 1}
    press.answers["outlet.example/a-1"] = page_of("A", words("a"))
    assert press.collect(after=HOUR).outcomes == {Outcome.STORED: 1}


def test_a_change_that_the_second_feed_shows_is_read_in_the_next_run(press: Press) -> None:
    press.read(OUTLET.replace('feeds: [{url: "http://outlet.example/feed"}]', FEEDS))
    one = item("http://outlet.example/a-1", "A")
    press.answers = {
        "outlet.example/feed": feed(one),
        "outlet.example/more": feed(one),
        "outlet.example/a-1": page_of("A", words("a")),
    }
    press.collect()
    press.answers["outlet.example/more"] = feed(item("http://outlet.example/a-1", "A, corrected"))
    press.answers["outlet.example/a-1"] = page_of("A, corrected", words("a"))
    reports = [press.collect(after=HOUR), press.collect(after=HOUR)]
    assert sum(report.outcomes.get(Outcome.UPDATED, 0) for report in reports) == 1
    assert [sum(report.outcomes.values()) for report in reports] == [1, 1]


FEEDS = 'feeds: [{url: "http://outlet.example/feed"}, {url: "http://outlet.example/more"}]'


def test_versions_keep_the_moment_when_the_first_was_published(press: Press) -> None:
    press.read(OUTLET)
    head = "<meta property='article:published_time' content='2026-01-0{}T06:00:00Z'>"
    press.answers = {
        "outlet.example/feed": feed(item("http://outlet.example/a-1", "A")),
        "outlet.example/a-1": page_of("A", words("a"), head=head.format(2)),
    }
    press.collect()
    told = press.rows(article.c.published_at, article.c.published_origin)
    press.answers["outlet.example/a-1"] = page_of("A", words("a") + "\nMore.", head=head.format(3))
    press.collect(after=20 * HOUR)
    assert press.rows(article.c.version) == [(2,)]
    counts = reread(press.archive, press.catalogue, readers=press.readers).counts
    assert counts == {Rereading.SAME: 1}
    assert press.rows(article.c.published_at, article.c.published_origin) == told
