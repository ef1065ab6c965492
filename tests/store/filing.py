"""Filing an article the way the collector does, in one step."""

from datetime import datetime

import sqlalchemy as sa

from pipeline.model import Outcome, ReadArticle, Source, Verdict
from pipeline.store import intake
from pipeline.store.database import Archive
from pipeline.store.filing import Filing, file_articles
from pipeline.store.intake import DueAddress, Ending, FeedState, Run
from pipeline.urls import normalize_url
from tests.fakes import NOW, entries, page, poll


def start(archive: Archive, *sources: Source, at: datetime = NOW) -> Run:
    """Begin a run with these sources."""
    with archive.writing() as connection:
        intake.save_sources(connection, sources)
        run = intake.start_run(connection, now=at, version="test", sources_hash="test")
    archive.pages.begin(run.pages_file)
    return run


def file_article(
    archive: Archive, run: Run, outlet: Source, read: ReadArticle, *, seen_at: datetime = NOW
) -> int:
    """Have the outlet's feed name the article, and file it; return its number."""
    with archive.writing() as connection:
        states = intake.save_sources(connection, [outlet])
        [state] = [one for one in states if one.source.id == outlet.id]
        due = _named(connection, run, state, read, seen_at)
        one = Filing(
            address=due,
            key=normalize_url(read.article.url),
            page=page(read.article.url, at=seen_at),
            read=read,
        )
        [filed] = file_articles(connection, [one], keep=archive.pages.append)
        about = read.relevance.verdict is Verdict.ABOUT
        outcome = Outcome.STORED if about else Outcome.MENTION
        ending = Ending(address=due, outcome=outcome, article_id=filed.article_id)
        intake.save_endings(connection, run.id, [ending])
    return filed.article_id


def _named(
    connection: sa.Connection, run: Run, state: FeedState, read: ReadArticle, seen_at: datetime
) -> DueAddress:
    path = read.article.url.removeprefix(f"http://{state.source.id}.example/")
    reading = entries(state.source.id, path)
    [due] = intake.save_poll(connection, run, poll(state, reading, at=seen_at))
    return due
