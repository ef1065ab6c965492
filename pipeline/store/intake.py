"""What a run of the collector writes: sources, polls, addresses and their outcomes.

An address is written down as due in the same transaction as the validators of
the feed that named it. So what is stored always says what is left to do: after
a kill the feed may answer “unchanged”, and its addresses are still due.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.model import (
    Feed,
    FeedEntry,
    FeedReading,
    Keep,
    Outcome,
    PublisherKind,
    Reason,
    Source,
    Validators,
)
from pipeline.store.tables import address, feed, poll, run, source, tally


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed with what the archive remembers of it."""

    id: int
    source: Source
    feed: Feed
    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of a feed: a reading, an “unchanged”, or a failure with its reason."""

    state: FeedState
    polled_at: datetime
    reading: FeedReading
    keys: Mapping[str, FeedEntry]  # our spelling → entry, in the feed's order
    validators: Validators | None = None  # None: those we have stay
    reason: Reason | None = None  # None: it was answered
    detail: str = ""

    @property
    def failure(self) -> str | None:
        """Why it failed, in words; None if it was answered."""
        if self.reason is None:
            return None
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAddress:
    """An address that is to be fetched."""

    id: int
    url: str
    source_id: str
    title: str
    published_at: datetime | None
    language: str | None
    first_seen_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a due address ended."""

    address: DueAddress
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    due_at: datetime | None = None  # when to try again; None: never
    attempts: int = 0  # that have failed so far
    article_id: int | None = None


def save_sources(connection: sa.Connection, sources: Iterable[Source]) -> list[FeedState]:
    """File the sources as sources.yaml has them; return the feeds of the enabled ones.

    A source or feed that is gone from the file keeps its rows and its history.
    """
    for table in (source, feed):
        connection.execute(sa.update(table).values(enabled=False))
    known = set(connection.scalars(sa.select(source.c.id)))
    states = []
    for one in sources:
        _save_source(connection, one, new=one.id not in known)
        filed = [_save_feed(connection, one, each) for each in one.feeds]
        states += filed if one.enabled else []
    return states


def _save_source(connection: sa.Connection, one: Source, *, new: bool) -> None:
    values = {
        "id": one.id,
        "name": one.name,
        "publisher": one.publisher.value,
        "country": one.country,
        "languages": list(one.languages),
        "time_zone": one.time_zone,
        "homepage": one.homepage,
        "keep": one.keep.value,
        "enabled": one.enabled,
    }
    if new:
        connection.execute(sa.insert(source), values)
    else:
        connection.execute(sa.update(source).where(source.c.id == one.id).values(values))


def _save_feed(connection: sa.Connection, one: Source, each: Feed) -> FeedState:
    row = connection.execute(sa.select(feed).where(feed.c.url == each.url)).one_or_none()
    facts = {"source_id": one.id, "kind": each.kind.value, "enabled": one.enabled}
    if row is None:
        values = {**facts, "url": each.url, "failures": 0}
        made = connection.execute(sa.insert(feed).returning(feed.c.id), values)
        return FeedState(id=made.scalar_one(), source=one, feed=each, validators=Validators())
    connection.execute(sa.update(feed).where(feed.c.id == row.id).values(facts))
    kept = Validators(etag=row.etag, last_modified=row.last_modified)
    return FeedState(id=row.id, source=one, feed=each, validators=kept)


def source_of(row: sa.Row[*tuple[Any, ...]]) -> Source:
    """Return the source that a row of the table `source` describes, without its feeds."""
    facts = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Source(
        id=facts["id"],
        name=facts["name"],
        publisher=PublisherKind(facts["publisher"]),
        languages=tuple(facts["languages"]),
        time_zone=facts["time_zone"],
        feeds=(),
        homepage=facts["homepage"],
        country=facts["country"],
        keep=Keep(facts["keep"]),
        enabled=facts["enabled"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that has begun. Its start is the moment by which everything in it is due."""

    id: int
    started_at: datetime
    pages_file: str


def start_run(connection: sa.Connection, *, now: datetime, version: str, sources_hash: str) -> Run:
    """Begin a run."""
    # A name that no run of any archive has, for archives may share a folder.
    pages_file = f"pages-{now:%Y%m%d-%H%M%S}-{token_hex(4)}.warc.gz"
    values = {
        "started_at": now,
        "version": version,
        "sources_hash": sources_hash,
        "pages_file": pages_file,
    }
    number = connection.execute(sa.insert(run).returning(run.c.id), values).scalar_one()
    return Run(id=int(number), started_at=now, pages_file=pages_file)


def killed_runs(connection: sa.Connection) -> list[str]:
    """Return the files of pages of the runs that did not come to their end."""
    return list(connection.scalars(sa.select(run.c.pages_file).where(run.c.ended_at.is_(None))))


def end_run(connection: sa.Connection, run_id: int, *, now: datetime) -> None:
    """Note that the run came to its end."""
    connection.execute(sa.update(run).where(run.c.id == run_id).values(ended_at=now))


def save_poll(connection: sa.Connection, of: Run, one: Poll) -> list[DueAddress]:
    """File what a poll gave; return the addresses that are to be fetched because of it.

    Known addresses end as unchanged, each once a run; refused entries are rejected.
    """
    fresh = _new_addresses(connection, of, one)
    inherited = _inherit(connection, of, one)
    counts = Counter[tuple[Outcome, Reason | None]]()
    counts[Outcome.UNCHANGED, None] = _see_again(connection, of, one)
    for rejection in one.reading.rejections:
        counts[Outcome.REJECTED, rejection.reason] += 1
    _count(connection, of.id, {one.state.source.id: counts})
    connection.execute(
        sa.insert(poll),
        {
            "run_id": of.id,
            "feed_id": one.state.id,
            "polled_at": one.polled_at,
            "answered": one.reason is None,
            "reason": one.reason,
            "detail": one.detail or None,
            "entries": len(one.reading.entries) + len(one.reading.rejections),
            "fresh": len(fresh),
        },
    )
    _note_health(connection, one, fresh=bool(fresh))
    return fresh + inherited


def _new_addresses(connection: sa.Connection, of: Run, one: Poll) -> list[DueAddress]:
    known = set(
        connection.scalars(sa.select(address.c.key).where(address.c.key.in_(list(one.keys))))
    )
    rows = [
        {
            "key": key,
            "url": entry.url,
            "source_id": one.state.source.id,
            "title": entry.title,
            "published_at": entry.published_at,
            "language": entry.language,
            "guid": entry.guid,
            "first_seen_at": one.polled_at,
            "last_seen_at": one.polled_at,
            "due_at": of.started_at,
            "attempts": 0,
        }
        for key, entry in one.keys.items()
        if key not in known
    ]
    if not rows:
        return []
    made = sa.insert(address).returning(*_DUE_COLUMNS, sort_by_parameter_order=True)
    return [_due(row) for row in connection.execute(made, rows)]


def _inherit(connection: sa.Connection, of: Run, one: Poll) -> list[DueAddress]:
    """Take over what is due and was named by a source that is no longer read."""
    if not one.keys:
        return []
    gone = sa.select(source.c.id).where(source.c.enabled.is_(False))
    left = sa.update(address).where(
        address.c.key.in_(list(one.keys)),
        address.c.due_at <= of.started_at,
        address.c.source_id.in_(gone),
    )
    taken = left.values(source_id=one.state.source.id).returning(*_DUE_COLUMNS)
    return [_due(row) for row in connection.execute(taken)]


def _see_again(connection: sa.Connection, of: Run, one: Poll) -> int:
    """Mark what has no work left in this run as seen in it; return how many that are."""
    if not one.keys:
        return 0
    here = address.c.key.in_(list(one.keys))
    connection.execute(sa.update(address).where(here).values(last_seen_at=one.polled_at))
    idle = sa.or_(address.c.due_at.is_(None), address.c.due_at > of.started_at)
    not_counted = address.c.run_id.is_distinct_from(of.id)
    counted = sa.update(address).where(here, idle, not_counted).values(run_id=of.id)
    return connection.execute(counted).rowcount


def _note_health(connection: sa.Connection, one: Poll, *, fresh: bool) -> None:
    if one.reason is not None:
        values: dict[str, object] = {"failures": feed.c.failures + 1, "failure": one.failure}
    else:
        values = {"failures": 0, "failure": None, "succeeded_at": one.polled_at}
        if fresh:
            values["new_entry_at"] = one.polled_at
        if one.validators is not None:
            values["etag"] = one.validators.etag
            values["last_modified"] = one.validators.last_modified
    values["polled_at"] = one.polled_at
    connection.execute(sa.update(feed).where(feed.c.id == one.state.id).values(values))


_DUE_COLUMNS = (
    address.c.id,
    address.c.url,
    address.c.source_id,
    address.c.title,
    address.c.published_at,
    address.c.language,
    address.c.first_seen_at,
    address.c.attempts,
)


def _due(row: sa.Row[*tuple[Any, ...]]) -> DueAddress:
    return DueAddress(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def find_due(
    connection: sa.Connection, source_ids: Sequence[str], *, now: datetime
) -> list[DueAddress]:
    """Return the addresses of these sources that wait to be fetched, oldest first."""
    rows = connection.execute(
        sa.select(*_DUE_COLUMNS)
        .where(address.c.due_at <= now, address.c.source_id.in_(source_ids))
        .order_by(address.c.first_seen_at, address.c.id)
    )
    return [_due(row) for row in rows]


def save_endings(connection: sa.Connection, run_id: int, endings: Sequence[Ending]) -> None:
    """File how addresses ended, and count it."""
    if not endings:
        return
    counts: dict[str, Counter[tuple[Outcome, Reason | None]]] = {}
    for one in endings:
        of_source = counts.setdefault(one.address.source_id, Counter())
        of_source[one.outcome, one.reason] += 1
    statement = (
        sa.update(address)
        .where(address.c.id == sa.bindparam("row_id"))
        .values({name: sa.bindparam(name) for name in _ENDING_COLUMNS})
    )
    rows = [
        {
            "row_id": one.address.id,
            "due_at": one.due_at,
            "attempts": one.attempts,
            "run_id": run_id,
            "outcome": one.outcome,
            "reason": one.reason,
            "detail": one.detail or None,
            "article_id": one.article_id,
        }
        for one in endings
    ]
    connection.execute(statement, rows)
    _count(connection, run_id, counts)


_ENDING_COLUMNS = ("due_at", "attempts", "run_id", "outcome", "reason", "detail", "article_id")


def _count(
    connection: sa.Connection,
    run_id: int,
    counts: Mapping[str, Mapping[tuple[Outcome, Reason | None], int]],
) -> None:
    rows = [
        {
            "run_id": run_id,
            "source_id": source_id,
            "outcome": outcome,
            "reason": reason or "",
            "addresses": number,
        }
        for source_id, of_source in counts.items()
        for (outcome, reason), number in of_source.items()
        if number
    ]
    _add(connection, rows)


def _add(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Add to the tally; a line that is not there yet begins with its number."""
    if not rows:
        return
    new = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(tally)
    more = {"addresses": tally.c.addresses + new.excluded.addresses}
    lines = list(tally.primary_key.columns)
    connection.execute(new.on_conflict_do_update(index_elements=lines, set_=more), rows)


def count_outcomes(
    connection: sa.Connection, run_ids: Sequence[int]
) -> tuple[dict[Outcome, int], dict[str, int]]:
    """Return the outcomes of these runs, and the reasons of the rejected and failed."""
    rows = connection.execute(
        sa.select(tally.c.outcome, tally.c.reason, sa.func.sum(tally.c.addresses))
        .where(tally.c.run_id.in_(run_ids))
        .group_by(tally.c.outcome, tally.c.reason)
        .order_by(tally.c.outcome, tally.c.reason)
    ).all()
    outcomes: Counter[Outcome] = Counter()
    reasons: Counter[str] = Counter()
    for outcome, reason, number in rows:
        outcomes[Outcome(outcome)] += number
        if reason:
            reasons[reason] += number
    return dict(outcomes), dict(reasons)


def change_outcome(
    connection: sa.Connection, article_id: int, before: Outcome, after: Outcome
) -> None:
    """Count the address that brought an article under another outcome, in the run it ended in."""
    here = sa.and_(address.c.article_id == article_id, address.c.outcome == before)
    rows = connection.execute(sa.select(address).where(here)).all()
    connection.execute(sa.update(address).where(here).values(outcome=after))
    moves = [
        {
            "run_id": row.run_id,
            "source_id": row.source_id,
            "outcome": outcome,
            "reason": "",
            "addresses": number,
        }
        for row in rows
        for outcome, number in ((before, -1), (after, 1))
    ]
    _add(connection, moves)
