"""read_page: what becomes of a page, with what its source and its feed say of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.duplicates import fingerprint
from pipeline.jobs.reading import ReadingTask, read_page
from pipeline.model import (
    ArticleSelectors,
    Entity,
    EntityKind,
    Keep,
    Moment,
    Page,
    Phrase,
    Precision,
    ReadArticle,
    Reason,
    Rejection,
    Relevance,
    TextOrigin,
    Topic,
    Verdict,
)
from pipeline.text import fold
from tests.fakes import NOW, source

ADDRESS = "http://island.example/news/7"
HEADLINE = "Solidarity Day of World Azerbaijanis kept on the island"
ON_TOPIC = (
    "The Solidarity Day of World Azerbaijanis was kept in the old hall of the island on Sunday. "
    "Guests from nine towns had come by ferry, and the last boat waited for them until ten. "
)
OFF_TOPIC = (
    "The ferry line of the river towns carried more passengers this year than ever before. "
    "The harbour office counted them by hand, as every year, on the first Sunday of the month. "
)


def task(
    text: str, *, head: str = "", final_url: str = ADDRESS, language: str | None = None
) -> ReadingTask:
    body = f"<html><head>{head}</head><body><div><p>{text}</p><p>{text}</p></div></body></html>"
    page = Page(
        url=ADDRESS,
        final_url=final_url,
        status=200,
        headers={"content-type": "text/html"},
        body=body.encode(),
        fetched_at=NOW,
    )
    return ReadingTask(
        page=page, source=source("island"), title="", published_at=None, language=language
    )


def test_an_article_on_the_topic_comes_with_all_that_is_filed(topic: Topic) -> None:
    read = read_page(task(ON_TOPIC, head=f"<title>{HEADLINE}</title>"), topic)
    assert isinstance(read, ReadArticle)
    assert (read.article.url, read.article.title) == (ADDRESS, HEADLINE)
    assert read.relevance.verdict is Verdict.ABOUT
    assert read.folded_title == fold(HEADLINE)
    assert read.folded_text == fold(read.article.text)
    assert read.fingerprint == fingerprint(read.article.text)


def test_an_article_comes_with_whom_and_what_it_names(topic: Topic) -> None:
    hall = Entity(
        id="hall",
        name="The Old Hall",
        kind=EntityKind.PLACE,
        spellings=(Phrase(language="en", pattern="old hall"),),
    )
    named = replace(topic, entities=(hall,))
    read = read_page(task(ON_TOPIC, head=f"<title>{HEADLINE}</title>"), named)
    assert isinstance(read, ReadArticle)
    [found] = read.entities
    assert (found.entity_id, found.form) == ("hall", "old hall")
    assert found.count == read.article.text.count("old hall")


def test_an_article_on_something_else_is_judged_and_no_more(topic: Topic) -> None:
    read = read_page(task(OFF_TOPIC), topic)
    assert isinstance(read, Relevance)
    assert read.verdict is Verdict.UNRELATED


def test_a_source_of_which_all_is_kept_is_about_the_topic(topic: Topic) -> None:
    kept = task(OFF_TOPIC)
    read = read_page(replace(kept, source=replace(kept.source, keep=Keep.ALL)), topic)
    assert isinstance(read, ReadArticle)
    assert read.relevance.verdict is Verdict.ABOUT
    assert read.relevance.evidence == ()


def test_a_page_that_says_nothing_is_rejected(topic: Topic) -> None:
    read = read_page(task("", head="<title>404 Not Found</title>"), topic)
    assert read == Rejection(url=ADDRESS, reason=Reason.SOFT_404, detail="404 not found")


def test_the_feed_says_what_the_page_does_not(topic: Topic) -> None:
    published_at = datetime(2025, 12, 31, 8, tzinfo=UTC)
    claimed = replace(task(ON_TOPIC), title="From the feed", published_at=published_at)
    read = read_page(claimed, topic)
    assert isinstance(read, ReadArticle)
    assert read.article.published == Moment(at=published_at, origin="feed")


def test_a_title_that_is_the_feeds_is_known_as_such(topic: Topic) -> None:
    summary = ON_TOPIC * 2
    read = read_page(replace(task(""), title=HEADLINE, summary=summary), topic)
    assert isinstance(read, ReadArticle)
    made = read.article
    assert (made.title, made.text, made.text_origin) == (HEADLINE, summary, TextOrigin.FEED)
    assert made.origins["title"] == "feed"
    assert made.confidence < 0.5


def test_the_text_is_read_where_the_source_says(topic: Topic) -> None:
    # On any other page the longer text would be the article.
    body = (
        f"<h1>{HEADLINE}</h1><div class='old'><p>{OFF_TOPIC * 9}</p></div>"
        f"<ul class='box'><li>{ON_TOPIC}</li></ul>"
    )
    asked = task("")
    page = replace(asked.page, body=f"<html><body>{body}</body></html>".encode())
    day = page.fetched_at.date()
    article = (
        ArticleSelectors(until=day - timedelta(days=1), text=".old"),
        ArticleSelectors(text=".box"),
    )
    read = read_page(
        replace(asked, page=page, source=replace(asked.source, article=article)), topic
    )
    assert isinstance(read, ReadArticle)
    assert read.article.text == ON_TOPIC.strip()
    assert read.article.text_origin is TextOrigin.SELECTORS


def test_the_page_is_believed_before_the_feed(topic: Topic) -> None:
    head = f'<title>{HEADLINE}</title><meta name="date" content="2025-12-30">'
    claimed = replace(
        task(ON_TOPIC, head=head),
        title="From the feed",
        published_at=datetime(2025, 1, 1, tzinfo=UTC),
    )
    read = read_page(claimed, topic)
    assert isinstance(read, ReadArticle)
    assert read.article.title == HEADLINE
    # A day of the source's zone, Baku: four hours before that of UTC.
    moment = Moment(
        at=datetime(2025, 12, 29, 20, tzinfo=UTC), precision=Precision.DAY, origin="meta"
    )
    assert read.article.published == moment


def test_the_language_that_the_feed_claims_is_expected(topic: Topic) -> None:
    # Neither header nor page names a charset, and the source itself writes none but others.
    text = "Święto solidarności obchodzono wieczorem w starej sali na wyspie. " * 3
    unnamed = replace(task("").page, body=f"<p>{text}</p>".encode("cp1250"))

    def read_as(language: str | None) -> str:
        asked = replace(task("", language=language), page=unnamed)
        read = read_page(replace(asked, source=replace(asked.source, keep=Keep.ALL)), topic)
        assert isinstance(read, ReadArticle)
        return read.article.text

    assert read_as("pl") == text.strip()
    assert read_as(None) != text.strip()


@pytest.mark.parametrize(
    ("final_url", "is_lost"),
    [
        ("http://island.example/", True),
        ("http://www.island.example/en/", True),
        ("http://island.example/news/7-kept-on-the-island", False),
        ("http://island.example/?p=7", False),
    ],
)
def test_an_article_that_leads_to_the_front_page_is_gone(
    topic: Topic, final_url: str, *, is_lost: bool
) -> None:
    read = read_page(task(ON_TOPIC, final_url=final_url), topic)
    if is_lost:
        detail = "redirected to the front page"
        assert read == Rejection(url=ADDRESS, reason=Reason.SOFT_404, detail=detail)
    else:
        assert isinstance(read, ReadArticle)


def test_a_front_page_that_was_asked_for_is_read(topic: Topic) -> None:
    asked = task(ON_TOPIC, final_url="http://island.example/en/")
    page = replace(asked.page, url="http://island.example/")
    assert isinstance(read_page(replace(asked, page=page), topic), ReadArticle)


def test_a_foreign_failure_is_a_rejection_that_names_it(topic: Topic) -> None:
    # Whatever is raised below: here by a pattern that cannot be compiled.
    broken = replace(topic, names=(Phrase(language="en", pattern="\x00 ?\ud800" + "*" * 500),))
    read = read_page(task(ON_TOPIC), broken)
    assert isinstance(read, Rejection)
    assert (read.url, read.reason) == (ADDRESS, Reason.UNREADABLE)
    assert read.detail.startswith("ValueError: ")
    assert len(read.detail) <= 200
    assert read.detail.encode().decode().isprintable()
