"""What people say of articles: kept apart, and in force from the moment it is said."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pipeline.model import Judge, Keep, Relevance, Verdict
from pipeline.store.bulk import insert_or_update
from pipeline.store.tables import article, label, source
from pipeline.store.verdicts import give_verdict, standing


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says of an article."""

    verdict: Verdict
    labelled_at: datetime


def save_label(connection: sa.Connection, number: int, said: Label) -> None:
    """Label an article, anew if it was; its verdict counts at once."""
    upsert = insert_or_update(connection, label)
    changes = {"verdict": upsert.excluded.verdict, "labelled_at": upsert.excluded.labelled_at}
    connection.execute(
        upsert.on_conflict_do_update(index_elements=[label.c.article_id], set_=changes),
        {"article_id": number, "verdict": said.verdict, "labelled_at": said.labelled_at},
    )
    _judge_anew(connection, number)


def remove_label(connection: sa.Connection, number: int) -> None:
    """Take back what was said of an article: the rules judge it, until a model does."""
    connection.execute(sa.delete(label).where(label.c.article_id == number))
    _judge_anew(connection, number)


def _judge_anew(connection: sa.Connection, number: int) -> None:
    rules = sa.select(article.c.rules_verdict, article.c.rules_score)
    verdict, score = connection.execute(rules.where(article.c.id == number)).one()
    by_rules = Relevance(verdict=Verdict(verdict), score=score)
    give_verdict(connection, number, standing(connection, number, by_rules))


def find_label(connection: sa.Connection, number: int) -> Label | None:
    """Return what was said of an article; None: nothing."""
    query = sa.select(label.c.verdict, label.c.labelled_at)
    row = connection.execute(query.where(label.c.article_id == number)).one_or_none()
    return None if row is None else Label(Verdict(row.verdict), row.labelled_at)


def last_label(connection: sa.Connection, start: datetime, end: datetime) -> datetime | None:
    """Return when an article of ``[start, end)`` was last labelled; None: none has a label."""
    here = sa.and_(article.c.published_at >= start, article.c.published_at < end)
    labelled: sa.Select[datetime] = sa.select(label.c.labelled_at).join(
        article, article.c.id == label.c.article_id
    )
    return connection.scalar(labelled.where(here).order_by(label.c.labelled_at.desc()).limit(1))


def count_labels(connection: sa.Connection) -> Counter[Verdict]:
    """Return how many labels there are of each verdict."""
    counts = sa.select(label.c.verdict, sa.func.count()).group_by(label.c.verdict)
    return Counter({Verdict(verdict): count for verdict, count in connection.execute(counts)})


def find_unlabelled(connection: sa.Connection) -> list[tuple[int, Relevance]]:
    """Return the numbers of articles that a person may want to judge, the newest first.

    With what counts now, without its evidence. Of copies there is the first; what comes from
    a source of which all is kept is left out.
    """
    alone = sa.func.coalesce(article.c.representative_id, article.c.id) == article.c.id
    rows = connection.execute(
        sa.select(article.c.id, article.c.verdict, article.c.score)
        .join(source, source.c.id == article.c.source_id)
        .where(article.c.judged_by != Judge.LABEL, source.c.keep != Keep.ALL, alone)
        .order_by(article.c.published_at.desc(), article.c.id.desc())
    )
    return [
        (number, Relevance(verdict=Verdict(verdict), score=score))
        for number, verdict, score in rows
    ]
