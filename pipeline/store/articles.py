"""Articles, found again: by their moment, by number, and with their copies."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from pipeline.duplicates import COPY_SPAN, CopyLink
from pipeline.model import (
    ArchivedArticle,
    Article,
    DuplicateGroup,
    Evidence,
    Relevance,
    Source,
    Verdict,
)
from pipeline.store.facts import Row, read_articles
from pipeline.store.sources import source_of
from pipeline.store.tables import article, band, copy_link, source

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


def _read(
    connection: sa.Connection, where: sa.ColumnElement[bool], *, newest: int | None = None
) -> list[ArchivedArticle]:
    chosen = sa.select(article.c.id).where(where)
    if newest is not None:
        chosen = chosen.order_by(_published.desc(), article.c.id.desc()).limit(newest)
    found = read_articles(connection, chosen)
    outlets = {row.id: source_of(row) for row in connection.execute(sa.select(source))}
    return [_archived(row, made, outlets[row.source_id]) for row, made in found]


def _archived(row: Row, made: Article, outlet: Source) -> ArchivedArticle:
    return ArchivedArticle(
        id=row.id,
        article=made,
        source=outlet,
        relevance=Relevance(
            verdict=Verdict(row.verdict),
            score=row.score,
            evidence=tuple(Evidence(**one) for one in row.evidence),
        ),
        first_seen_at=row.first_seen_at,
        representative_id=row.representative_id or row.id,
        words=row.words,
    )


# --- copies ----------------------------------------------------------------


#: What a rereading found to be about something else has no place among copies.
_uncurated = sa.and_(article.c.representative_id.is_(None), article.c.verdict != Verdict.UNRELATED)


def find_uncurated(connection: sa.Connection, *, most: int) -> list[int]:
    """Return the numbers of articles that have no place among copies yet, oldest first."""
    waiting = sa.select(article.c.id).where(_uncurated)
    return list(connection.scalars(waiting.order_by(_published, article.c.id).limit(most)))


def count_uncurated(connection: sa.Connection) -> int:
    """Return how many articles have no place among copies yet."""
    waiting = sa.select(sa.func.count()).where(_uncurated)
    return connection.execute(waiting).scalar_one()


def copy_candidates(connection: sa.Connection, number: int) -> list[ArchivedArticle]:
    """Return the articles that share a band with this one, within the span of copies."""
    at = sa.select(_published).where(article.c.id == number)
    moment = connection.execute(at).scalar_one()
    mine, theirs = band.alias(), band.alias()
    sharing = (
        sa.select(theirs.c.article_id)
        .join(mine, mine.c.key == theirs.c.key)
        .where(mine.c.article_id == number, theirs.c.article_id != number)
    )
    near = sa.and_(_published >= moment - COPY_SPAN, _published <= moment + COPY_SPAN)
    ours = article.c.verdict != Verdict.UNRELATED
    return _read(connection, sa.and_(article.c.id.in_(sharing), near, ours))


def save_links(connection: sa.Connection, links: Iterable[CopyLink]) -> None:
    """File links between copies; those that are filed already stay as they are."""
    for link in links:
        ends = {"article_id": link.first_id, "other_id": link.second_id}
        here = sa.and_(*(copy_link.c[name] == end for name, end in ends.items()))
        if connection.scalar(sa.select(sa.literal(1)).where(here)) is None:
            connection.execute(sa.insert(copy_link), {**ends, "similarity": link.similarity})


def find_linked(
    connection: sa.Connection, number: int
) -> tuple[list[ArchivedArticle], list[CopyLink]]:
    """Return the articles that hang together with ``number``, itself too, and their links."""
    members, edge = {number}, {number}
    links: set[CopyLink] = set()
    while edge:
        ends = (copy_link.c.article_id.in_(edge), copy_link.c.other_id.in_(edge))
        rows = connection.execute(sa.select(copy_link).where(sa.or_(*ends)))
        found = {CopyLink(*row) for row in rows}
        links |= found
        edge = {end for link in found for end in (link.first_id, link.second_id)} - members
        members |= edge
    return find_articles(connection, members), sorted(links)


def copies_of(connection: sa.Connection, number: int) -> list[ArchivedArticle]:
    """Return the other articles with the text of this one, by publication."""
    group = sa.select(article.c.representative_id).where(article.c.id == number)
    same = article.c.representative_id == group.scalar_subquery()
    return _read(connection, sa.and_(same, article.c.id != number))


def save_group(connection: sa.Connection, group: DuplicateGroup) -> None:
    """Give the copies of a text their representative."""
    numbers = [member.id for member in group.members]
    connection.execute(
        sa.update(article)
        .where(article.c.id.in_(numbers))
        .values(representative_id=group.representative.id)
    )
