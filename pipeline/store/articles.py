"""Articles, found again: by their moment, by number, and with their copies."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import (
    ArchivedArticle,
    Article,
    Evidence,
    Judge,
    Relevance,
    Source,
    Verdict,
)
from pipeline.store.entities import Mentions, find_entities
from pipeline.store.facts import Row, read_articles
from pipeline.store.sources import source_of
from pipeline.store.tables import article, label, source

_published = article.c.published_at


def articles_published(
    connection: sa.Connection,
    start: datetime,
    end: datetime,
    *,
    verdict: Verdict = Verdict.ABOUT,
) -> list[ArchivedArticle]:
    """Return the articles of ``[start, end)`` with this verdict, by publication."""
    here = sa.and_(_published >= start, _published < end, article.c.verdict == verdict)
    return _read(connection, here)


def newest_outside(
    connection: sa.Connection, start: datetime, end: datetime, *, most: int
) -> list[ArchivedArticle]:
    """Return the newest ``most`` representatives about the topic outside ``[start, end)``."""
    outside = sa.or_(_published < start, _published >= end)
    alone = sa.func.coalesce(article.c.representative_id, article.c.id) == article.c.id
    here = sa.and_(outside, alone, article.c.verdict == Verdict.ABOUT)
    return _read(connection, here, newest=most)


def find_articles(connection: sa.Connection, numbers: Iterable[int]) -> list[ArchivedArticle]:
    """Return the articles with these numbers, by publication."""
    return _read(connection, article.c.id.in_(list(numbers)))


def labelled_articles(connection: sa.Connection) -> list[ArchivedArticle]:
    """Return the articles that a person has judged, by publication."""
    return _read(connection, article.c.id.in_(sa.select(label.c.article_id)))


def _read(
    connection: sa.Connection, where: sa.ColumnElement[bool], *, newest: int | None = None
) -> list[ArchivedArticle]:
    chosen = sa.select(article.c.id).where(where)
    if newest is not None:
        chosen = chosen.order_by(_published.desc(), article.c.id.desc()).limit(newest)
    found = read_articles(connection, chosen)
    named = find_entities(connection, chosen)
    outlets = {row.id: source_of(row) for row in connection.execute(sa.select(source))}
    return [
        _archived(row, made, outlets[row.source_id], named.get(row.id, ())) for row, made in found
    ]


def _archived(row: Row, made: Article, outlet: Source, named: Mentions) -> ArchivedArticle:
    evidence = tuple(Evidence(**one) for one in row.evidence)
    by_rules = Relevance(
        verdict=Verdict(row.rules_verdict), score=row.rules_score, evidence=evidence
    )
    judge = Judge(row.judged_by)
    return ArchivedArticle(
        id=row.id,
        article=made,
        source=outlet,
        relevance=Relevance(verdict=Verdict(row.verdict), score=row.score, evidence=evidence),
        first_seen_at=row.first_seen_at,
        representative_id=row.representative_id or row.id,
        words=row.words,
        judged_by=judge,
        by_rules=None if judge is Judge.RULES else by_rules,
        entities=named,
    )


# --- copies ----------------------------------------------------------------


#: What a rereading found to be about something else has no place among copies.
_uncurated = sa.and_(article.c.representative_id.is_(None), article.c.verdict != Verdict.UNRELATED)


def find_uncurated(connection: sa.Connection, *, most: int) -> list[int]:
    """Return the numbers of articles that have no place among copies yet, in order of rank.

    The oldest come first, of one moment by address: so the first of a text is placed before
    its copies.
    """
    waiting = sa.select(article.c.id).where(_uncurated)
    return list(connection.scalars(waiting.order_by(_published, article.c.key).limit(most)))


def is_uncurated(connection: sa.Connection, number: int) -> bool:
    """Tell whether an article still has no place among copies, and is to have one."""
    here = sa.select(sa.exists().where(article.c.id == number, _uncurated))
    return bool(connection.scalar(here))


def count_uncurated(connection: sa.Connection) -> int:
    """Return how many articles have no place among copies yet."""
    waiting = sa.select(sa.func.count()).where(_uncurated)
    return connection.execute(waiting).scalar_one()


def copies_of(connection: sa.Connection, number: int) -> list[ArchivedArticle]:
    """Return the other articles with the text of this one, by publication."""
    group = sa.select(article.c.representative_id).where(article.c.id == number)
    same = article.c.representative_id == group.scalar_subquery()
    return _read(connection, sa.and_(same, article.c.id != number))
