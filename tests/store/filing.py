"""Filing an article the way the collector does, in one step."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import (
    Alternate,
    Disagreement,
    Image,
    Moment,
    Outcome,
    Precision,
    ReadArticle,
    Source,
    TextOrigin,
    Verdict,
)
from pipeline.store.addresses import DueAddress, Ending, save_endings
from pipeline.store.database import Archive
from pipeline.store.filing import Filing, file_articles
from pipeline.store.runs import Run, start_run
from pipeline.store.sources import FeedState, save_sources
from pipeline.urls import normalize_url
from tests.fakes import NOW, entries, page, poll, read_article, save


def article_with_all(url: str) -> ReadArticle:
    """An article of which the page says all that it can say."""
    read = read_article(url)
    said = replace(
        read.article,
        byline="The harbour office",
        site_name="The Island",
        canonical_url=url,
        text_origin=TextOrigin.JSON_LD,
        modified=Moment(at=NOW, precision=Precision.DAY, origin="meta"),
        image=Image(url="http://a.example/choir.jpg", alt="The choir, on the pier"),
        alternates=(
            Alternate(language="az", url="http://www.a.example/az/1/"),
            Alternate(language="ru", url="http://a.example/ru/1?utm_source=x&id=5"),
            Alternate(language="ru", url="not an address"),
        ),
        is_paywalled=True,
        confidence=0.625,
        disagreements=(
            Disagreement(about="title", taken="A", taken_from="h1", other="B", other_from="meta"),
            Disagreement(about="text", taken="C", taken_from="page", other="", other_from="x"),
        ),
        origins={"title": "h1", "byline": "json-ld"},
    )
    return replace(read, article=said)


def start(archive: Archive, *sources: Source, at: datetime = NOW) -> Run:
    """Begin a run with these sources."""
    with archive.writing() as connection:
        save_sources(connection, sources)
        run = start_run(connection, now=at, version="test", sources_hash="test")
    archive.pages.begin(run.pages_file)
    return run


def filing_of(address: DueAddress, read: ReadArticle, final: str, *, at: datetime = NOW) -> Filing:
    """What was read at ``final``, to be filed for the outlet that named the address."""
    key = normalize_url(final)
    return Filing(
        address=address,
        source_id=address.source_id,
        key=key,
        final_key=key,
        page=page(final, at=at),
        read=read,
    )


def file_article(
    archive: Archive, run: Run, outlet: Source, read: ReadArticle, *, seen_at: datetime = NOW
) -> int:
    """Have the outlet's feed name the article, and file it; return its number."""
    with archive.writing() as connection:
        states = save_sources(connection, [outlet])
        [state] = [one for one in states if one.source.id == outlet.id]
        due = _named(connection, run, state, read, seen_at)
        one = filing_of(due, read, read.article.url, at=seen_at)
        [filed] = file_articles(connection, [one], keep=archive.pages.append)
        about = read.relevance.verdict is Verdict.ABOUT
        outcome = Outcome.STORED if about else Outcome.MENTION
        ending = Ending(address=due, outcome=outcome, article_id=filed.article_id)
        save_endings(connection, run.id, [ending])
    return filed.article_id


def _named(
    connection: sa.Connection, run: Run, state: FeedState, read: ReadArticle, seen_at: datetime
) -> DueAddress:
    path = read.article.url.removeprefix(f"http://{state.source.id}.example/")
    reading = entries(state.source.id, path)
    [due] = save(connection, run, poll(state, reading, at=seen_at))
    return due
