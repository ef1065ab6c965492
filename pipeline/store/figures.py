"""What is counted: articles of a span of days, the health of sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from pipeline.model import Reason, SourceHealth, Verdict
from pipeline.store.addresses import is_read
from pipeline.store.tables import address, article, feed, poll, run, source, tally

_published = article.c.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A feed as `solidarity status` shows it."""

    source_id: str
    source_name: str
    url: str
    enabled: bool
    polled_at: datetime | None
    succeeded_at: datetime | None
    new_entry_at: datetime | None
    failures: int
    failure: str | None
    interval: float | None  # how often it is usually asked, seconds; None: not known yet
    due_at: datetime | None
    held_until: datetime | None
    gap_at: datetime | None  # last poll without overlap with the one before
    gaps: int
    moved_to: str | None
    moved_at: datetime | None
    verify_tls: bool
    articles: int  # kept from the source
    refusals: int  # addresses of the source that robots.txt forbade, in the last runs


def _about(start: datetime, end: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(_published >= start, _published < end, article.c.verdict == Verdict.ABOUT)


def count_articles(connection: sa.Connection, start: datetime, end: datetime) -> int:
    """Return how many articles about the topic were published in ``[start, end)``."""
    return connection.scalar(sa.select(sa.func.count()).where(_about(start, end))) or 0


#: An article whose copies are not looked for yet is a text of its own.
_group = sa.func.coalesce(article.c.representative_id, article.c.id)


def count_week(connection: sa.Connection, start: datetime, end: datetime) -> dict[str, int]:
    """Count articles, texts, outlets and languages of ``[start, end)``, by these names."""
    row = connection.execute(
        sa.select(
            sa.func.count().label("articles"),
            sa.func.count(_group.distinct()).label("texts"),
            sa.func.count(article.c.source_id.distinct()).label("outlets"),
            sa.func.count(article.c.language.distinct()).label("languages"),
        ).where(_about(start, end))
    ).one()
    return dict(row._mapping)  # noqa: SLF001 - its public name


def last_run_between(connection: sa.Connection, start: datetime, end: datetime) -> datetime | None:
    """Return when the last run of ``[start, end)`` began; None: there was none."""
    here = sa.and_(run.c.started_at >= start, run.c.started_at < end)
    last: sa.Select[datetime] = sa.select(run.c.started_at).where(here)
    return connection.scalar(last.order_by(run.c.started_at.desc()).limit(1))


def was_watched(connection: sa.Connection, start: datetime, end: datetime) -> bool:
    """Tell whether a source was asked in ``[start, end)``."""
    asked = sa.exists().where(
        poll.c.run_id == run.c.id, run.c.started_at >= start, run.c.started_at < end
    )
    return bool(connection.scalar(sa.select(asked)))


def reaches_back(connection: sa.Connection, before: datetime) -> bool:
    """Tell whether the archive knows anything of the time ``before``: an article, or silence."""
    has_article = sa.exists().where(_published < before)
    asked = sa.exists().where(poll.c.run_id == run.c.id, run.c.started_at < before)
    return bool(connection.scalar(sa.select(sa.or_(has_article, asked))))


def runs_started(connection: sa.Connection, start: datetime, end: datetime) -> list[int]:
    """Return the runs that began in ``[start, end)``."""
    here = sa.and_(run.c.started_at >= start, run.c.started_at < end)
    return list(connection.scalars(sa.select(run.c.id).where(here).order_by(run.c.id)))


def source_health(connection: sa.Connection, run_ids: Sequence[int]) -> list[SourceHealth]:
    """Return what these runs got from each source that they asked, by id."""
    rows = connection.execute(
        sa.select(
            source.c.id,
            source.c.name,
            sa.func.count().label("polls"),
            sa.func.sum(sa.case((poll.c.answered, 0), else_=1)).label("failures"),
            sa.func.sum(poll.c.fresh).label("fresh"),
        )
        .join(feed, feed.c.source_id == source.c.id)
        .join(poll, poll.c.feed_id == feed.c.id)
        .where(poll.c.run_id.in_(run_ids))
        .group_by(source.c.id, source.c.name)
        .order_by(source.c.id)
    ).all()
    return [
        SourceHealth(
            source_id=row.id,
            name=row.name,
            polls=row.polls,
            failures=row.failures,
            fresh=row.fresh,
            last_success_at=_last_success(connection, row.id, run_ids),
            reason=_last_reason(connection, row.id, run_ids),
        )
        for row in rows
    ]


def _polls_of(source_id: str, run_ids: Sequence[int], *, answered: bool) -> sa.ColumnElement[bool]:
    return sa.and_(
        poll.c.run_id.in_(run_ids),
        poll.c.answered.is_(answered),
        poll.c.feed_id.in_(sa.select(feed.c.id).where(feed.c.source_id == source_id)),
    )


def _last_success(
    connection: sa.Connection, source_id: str, run_ids: Sequence[int]
) -> datetime | None:
    here = _polls_of(source_id, run_ids, answered=True)
    last: sa.Select[datetime] = sa.select(poll.c.polled_at).where(here)
    return connection.scalar(last.order_by(poll.c.polled_at.desc()).limit(1))


def _last_reason(connection: sa.Connection, source_id: str, run_ids: Sequence[int]) -> str:
    failed = sa.select(poll.c.reason).where(_polls_of(source_id, run_ids, answered=False))
    return connection.scalar(failed.order_by(poll.c.id.desc()).limit(1)) or ""


# --- health ----------------------------------------------------------------


#: Refusals are those of so many days before the last run.
RECENT = timedelta(days=7)


def feed_health(connection: sa.Connection) -> list[FeedHealth]:
    """Return every feed with what was last got from it, by source."""
    last = connection.scalar(sa.select(sa.func.max(run.c.started_at)))
    refused = (
        sa.select(sa.func.coalesce(sa.func.sum(tally.c.addresses), 0))
        .join(run, run.c.id == tally.c.run_id)
        .where(
            tally.c.source_id == source.c.id,
            tally.c.reason == Reason.ROBOTS,
            run.c.started_at >= last - RECENT if last else sa.false(),
        )
        .scalar_subquery()
    )
    kept = (
        sa.select(sa.func.count())
        .select_from(article)
        .where(article.c.source_id == source.c.id)
        .scalar_subquery()
    )
    rows = connection.execute(
        sa.select(
            source.c.id.label("source_id"),
            source.c.name.label("source_name"),
            feed.c.url,
            feed.c.enabled,
            feed.c.polled_at,
            feed.c.succeeded_at,
            feed.c.new_entry_at,
            feed.c.failures,
            feed.c.failure,
            feed.c.interval,
            feed.c.due_at,
            feed.c.held_until,
            feed.c.gap_at,
            feed.c.gaps,
            feed.c.moved_to,
            feed.c.moved_at,
            source.c.verify_tls,
            kept.label("articles"),
            refused.label("refusals"),
        )
        .join(feed, feed.c.source_id == source.c.id)
        .order_by(source.c.id, feed.c.id)
    )
    return [FeedHealth(**row._mapping) for row in rows]  # noqa: SLF001 - its public name


def count_waiting(connection: sa.Connection) -> tuple[int, int]:
    """Return how many addresses are still to be fetched, and how many articles looked at again."""
    new = sa.func.count().filter(address.c.article_id.is_(None))
    again = sa.func.count().filter(address.c.article_id.is_not(None))
    here = sa.and_(address.c.due_at.is_not(None), is_read())
    row = connection.execute(sa.select(new, again).where(here)).one()
    return row[0], row[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """A run, as `solidarity status` shows it."""

    started_at: datetime
    ended_at: datetime | None  # None: it was cut off, or is at work
    line_down: bool  # most hosts were silent


def last_run(connection: sa.Connection) -> RunState | None:
    """Return the last run; None before the first."""
    columns = [run.c[name] for name in RunState.__dataclass_fields__]
    last = sa.select(*columns).order_by(run.c.id.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return None if row is None else RunState(**row._mapping)  # noqa: SLF001 - its public name
