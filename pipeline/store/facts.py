"""What an article says, as rows, and as an article again.

What most articles have stands in the columns of `article`. What few have stands in tables
of its own, so it costs nothing where there is none: no row, and no query.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pipeline.model import (
    Alternate,
    Article,
    Disagreement,
    Image,
    Moment,
    Precision,
    ReadArticle,
    TextOrigin,
)
from pipeline.store.entities import replace_entities
from pipeline.store.tables import alternate, article, article_text, disagreement
from pipeline.store.verdicts import rules_say, standing
from pipeline.urls import key_of


def publication(made: Article, first_seen_at: datetime) -> dict[str, object]:
    """Return the columns that say when an article was published, and where that was read."""
    published = made.published or Moment(at=first_seen_at, origin="seen")
    return {
        # A clock that is ahead, or a zone misread: nothing is seen before it is published.
        "published_at": min(published.at, first_seen_at),
        "published_precision": published.precision,
        "published_origin": published.origin,
    }


def said(read: ReadArticle) -> dict[str, object]:
    """Return the columns that a new reading of a page can change."""
    made = read.article
    return {
        "url": made.url,
        "canonical_url": made.canonical_url,
        "title": made.title,
        "byline": made.byline,
        "site_name": made.site_name,
        "language": made.language,
        "text_origin": made.text_origin,
        **_modification(made.modified),
        "image_url": made.image.url if made.image else None,
        "image_alt": made.image.alt if made.image else None,
        "is_paywalled": made.is_paywalled,
        "confidence": made.confidence,
        "origins": dict(made.origins),
        **rules_say(read.relevance),
        "words": read.fingerprint.words,
        "text_hash": read.fingerprint.text_hash,
    }


def replace_facts(
    connection: sa.Connection, number: int, read: ReadArticle, **more: object
) -> None:
    """Let an article say what was read now, but for its text and its publication.

    It is judged by its label, or else by the rules until a model judges it anew. ``more`` are
    other columns.
    """
    here = sa.update(article).where(article.c.id == number)
    judged = standing(connection, number, read.relevance)
    connection.execute(here.values(said(read) | judged | more))
    for table in (alternate, disagreement):
        connection.execute(sa.delete(table).where(table.c.article_id == number))
    save_further(connection, [(number, read.article)])
    replace_entities(connection, number, read.entities)


def _modification(modified: Moment | None) -> dict[str, object]:
    return {
        "modified_at": modified.at if modified else None,
        "modified_precision": modified.precision if modified else None,
        "modified_origin": modified.origin if modified else None,
    }


# --- what few articles have -------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Further:
    """What stands beside an article in tables of its own."""

    alternates: tuple[Alternate, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


_NOTHING = _Further()


def save_further(connection: sa.Connection, made: Iterable[tuple[int, Article]]) -> None:
    """File what stands beside new articles, given with their numbers."""
    alternates, disagreements = [], []
    for number, one in made:
        alternates += [{"article_id": number, **row} for row in _alternates(one)]
        disagreements += [{"article_id": number, **row} for row in _disagreements(one)]
    for table, rows in ((alternate, alternates), (disagreement, disagreements)):
        if rows:
            connection.execute(sa.insert(table), rows)


def _alternates(made: Article) -> Iterator[dict[str, object]]:
    for number, one in enumerate(made.alternates, start=1):
        key = key_of(one.url)
        yield {"number": number, "language": one.language, "url": one.url, "key": key}


def _disagreements(made: Article) -> Iterator[dict[str, object]]:
    for number, one in enumerate(made.disagreements, start=1):
        yield {
            "number": number,
            "about": one.about,
            "taken": one.taken,
            "taken_from": one.taken_from,
            "other": one.other,
            "other_from": one.other_from,
        }


#: The numbers of the articles that are wanted.
Chosen = sa.Select[int]


def _find_further(connection: sa.Connection, chosen: Chosen) -> dict[int, _Further]:
    """Return what stands beside the chosen articles, for those where anything does."""
    found: dict[int, _Further] = {}
    for row in connection.execute(_listed(alternate, chosen)):
        before = found.get(row.article_id, _NOTHING)
        one = Alternate(language=row.language, url=row.url)
        found[row.article_id] = replace(before, alternates=(*before.alternates, one))
    for row in connection.execute(_listed(disagreement, chosen)):
        before = found.get(row.article_id, _NOTHING)
        told = Disagreement(
            about=row.about,
            taken=row.taken,
            taken_from=row.taken_from,
            other=row.other,
            other_from=row.other_from,
        )
        found[row.article_id] = replace(before, disagreements=(*before.disagreements, told))
    return found


def _listed(table: sa.Table, chosen: Chosen) -> sa.Select[*tuple[Any, ...]]:
    here = table.c.article_id.in_(chosen)
    return sa.select(table).where(here).order_by(table.c.article_id, table.c.number)


# --- from rows to articles --------------------------------------------------

Row = sa.Row[*tuple[Any, ...]]

_has_further = sa.or_(
    *(sa.exists().where(table.c.article_id == article.c.id) for table in (alternate, disagreement))
).label("has_further")


def read_articles(connection: sa.Connection, chosen: Chosen) -> list[tuple[Row, Article]]:
    """Return the chosen articles by publication, each with its row of `article`."""
    rows = connection.execute(
        sa.select(article, article_text.c.text, _has_further)
        .join(article_text, article_text.c.article_id == article.c.id)
        .where(article.c.id.in_(chosen))
        .order_by(article.c.published_at, article.c.id)
    ).all()
    further = _find_further(connection, chosen) if any(row.has_further for row in rows) else {}
    return [(row, _article(row, further.get(row.id, _NOTHING))) for row in rows]


def _article(row: Row, further: _Further) -> Article:
    return Article(
        url=row.url,
        title=row.title,
        text=row.text,
        published=_moment(row.published_at, row.published_precision, row.published_origin),
        byline=row.byline,
        language=row.language,
        site_name=row.site_name,
        canonical_url=row.canonical_url,
        text_origin=TextOrigin(row.text_origin),
        modified=_moment(row.modified_at, row.modified_precision, row.modified_origin),
        image=None if row.image_url is None else Image(url=row.image_url, alt=row.image_alt or ""),
        alternates=further.alternates,
        is_paywalled=row.is_paywalled,
        confidence=1.0 if row.confidence is None else row.confidence,
        disagreements=further.disagreements,
        origins=row.origins,
    )


def _moment(at: datetime | None, precision: str, origin: str) -> Moment | None:
    return None if at is None else Moment(at=at, precision=Precision(precision), origin=origin)
