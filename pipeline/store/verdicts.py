"""Whose verdict on an article counts: a label's, else a model's, else that of the rules.

What the rules say stands beside what counts, so that a label can be taken back and a model
be asked anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.model import Evidence, Judge, Keep, Relevance, Verdict
from pipeline.store.copies import leave_copies
from pipeline.store.tables import article, label, source

#: Columns of `article` with their values.
Columns = Mapping[str, object]


def rules_say(relevance: Relevance) -> dict[str, object]:
    """Return the columns that say how the rules judge."""
    return {
        "rules_verdict": relevance.verdict,
        "rules_score": relevance.score,
        "evidence": [
            {"phrase": e.phrase, "where": e.where, "form": e.form} for e in relevance.evidence
        ],
    }


def judged_by_rules(relevance: Relevance) -> dict[str, object]:
    """Return the columns that let the verdict of the rules count."""
    return _counts(relevance, Judge.RULES, None)


def judged_by_model(relevance: Relevance, *, judged_with: str) -> dict[str, object]:
    """Return the columns that let the verdict of a model count."""
    return _counts(relevance, Judge.MODEL, judged_with)


def _counts(relevance: Relevance, judge: Judge, judged_with: str | None) -> dict[str, object]:
    return {
        "verdict": relevance.verdict,
        "score": relevance.score,
        "judged_by": judge,
        "judged_with": judged_with,
    }


def standing(connection: sa.Connection, number: int, relevance: Relevance) -> dict[str, object]:
    """Return the columns with which an article is judged that the rules judge so now."""
    columns = judged_by_rules(relevance)
    said = connection.scalar(sa.select(label.c.verdict).where(label.c.article_id == number))
    return columns if said is None else columns | {"verdict": said, "judged_by": Judge.LABEL}


def give_verdict(connection: sa.Connection, number: int, columns: Columns) -> None:
    """Let a verdict count; an article that has become unrelated leaves its copies."""
    here = article.c.id == number
    before = connection.scalar(sa.select(article.c.verdict).where(here))
    if columns["verdict"] == Verdict.UNRELATED and before != Verdict.UNRELATED:
        leave_copies(connection, number)
    connection.execute(sa.update(article).where(here).values(columns))


# --- what a model was not asked of yet --------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """An article of which the model of today's labels was not asked."""

    id: int
    by_rules: Relevance
    judged_by: Judge
    keeps_all: bool  # what its source publishes is about the topic, whatever it says


def find_unsettled(
    connection: sa.Connection, judged_with: str | None, *, most: int
) -> list[Unsettled]:
    """Return articles of which a model of these labels was not asked.

    Args:
        connection: to the archive.
        judged_with: the labels, hashed; None: there is no model, and no other's verdict counts.
        most: how many.
    """
    rows = connection.execute(
        sa.select(
            article.c.id,
            article.c.rules_verdict,
            article.c.rules_score,
            article.c.evidence,
            article.c.judged_by,
            source.c.keep,
        )
        .join(source, source.c.id == article.c.source_id)
        .where(_is_unsettled(judged_with))
        .limit(most)
    )
    return [
        Unsettled(
            id=number,
            by_rules=Relevance(
                verdict=Verdict(verdict),
                score=score,
                evidence=tuple(Evidence(**one) for one in evidence),
            ),
            judged_by=Judge(judge),
            keeps_all=keep == Keep.ALL,
        )
        for number, verdict, score, evidence, judge, keep in rows
    ]


#: Instead of the labels: no model is asked, whatever the labels are.
_SURE = ""


def _is_unsettled(judged_with: str | None) -> sa.ColumnElement[bool]:
    column = article.c.judged_with
    if judged_with is None:
        return column > _SURE
    # In three parts, each of which an index answers: “differs” asks every row.
    other = sa.or_(sa.and_(column > _SURE, column < judged_with), column > judged_with)
    return sa.and_(sa.or_(column.is_(None), other), article.c.judged_by != Judge.LABEL)


def is_labelled(connection: sa.Connection, number: int) -> bool:
    """Tell whether a person has judged an article."""
    here = sa.select(sa.exists().where(label.c.article_id == number))
    return bool(connection.scalar(here))


def note_sure(connection: sa.Connection, numbers: Iterable[int]) -> None:
    """Note that of these articles the rules are sure: no model is asked until they change."""
    here = sa.and_(article.c.id.in_(list(numbers)), article.c.judged_by == Judge.RULES)
    connection.execute(sa.update(article).where(here).values(judged_with=_SURE))
