"""Records and texts that tests of several modules need. All of it is invented."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.model import (
    Article,
    Feed,
    FeedEntry,
    FeedReading,
    Moment,
    Page,
    PublisherKind,
    ReadArticle,
    Relevance,
    Source,
    Validators,
    Verdict,
)
from pipeline.settings import Settings
from pipeline.store.addresses import DueAddress
from pipeline.store.polls import Poll, save_poll
from pipeline.store.runs import Run
from pipeline.store.sources import FeedState
from pipeline.text import fold
from pipeline.urls import normalize_url

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)

#: Enough words to be recognised as a copy, in sentences long enough to be passages.
TEXT = (
    "The choir of the island school sang on the evening of the holiday in the old hall. "
    "Guests from nine towns had come by ferry, and the last boat waited for them until ten. "
    "The head of the association said that the next meeting would be held in spring. "
    "A small exhibition of letters from the year 1989 stays open until the end of the month. "
    "Tea and sweets were served afterwards, as every year, by the parents of the pupils."
)


def source(name: str, publisher: PublisherKind = PublisherKind.PRIVATE) -> Source:
    """An outlet with one feed."""
    return Source(
        id=name,
        name=name.title(),
        publisher=publisher,
        languages=("en", "az"),
        time_zone="Asia/Baku",
        feeds=(Feed(url=f"http://{name}.example/feed"),),
    )


def entries(name: str, *paths: str) -> FeedReading:
    """What a feed of that outlet lists."""
    return FeedReading(
        entries=tuple(
            FeedEntry(url=f"http://{name}.example/{path}", title=f"Title {path}") for path in paths
        )
    )


def poll(state: FeedState, reading: FeedReading, *, at: datetime = NOW, etag: str = "") -> Poll:
    """A poll that was answered."""
    return Poll(
        state=state,
        polled_at=at,
        reading=reading,
        keys={normalize_url(entry.url): entry for entry in reading.entries},
        validators=Validators(etag=etag or None),
    )


def save(connection: sa.Connection, run: Run, one: Poll) -> list[DueAddress]:
    """File a poll as the collector does."""
    return save_poll(connection, run, one, bounds=Settings().bounds)


def read_article(
    url: str,
    text: str = TEXT,
    *,
    title: str = "A holiday evening",
    published_at: datetime = NOW,
    verdict: Verdict = Verdict.ABOUT,
    language: str = "en",
) -> ReadArticle:
    """An article as the reader gives it."""
    return ReadArticle(
        article=Article(
            url=url,
            title=title,
            text=text,
            language=language,
            published=Moment(at=published_at, origin="json-ld"),
        ),
        relevance=Relevance(verdict=verdict, score=0.9),
        folded_title=fold(title),
        folded_text=fold(text),
        fingerprint=fingerprint(text),
    )


def page(url: str, body: bytes = b"<p>page</p>", *, at: datetime = NOW) -> Page:
    """A reply with status 200."""
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=at)


def days(number: float) -> timedelta:
    """A span of days."""
    return timedelta(days=number)
