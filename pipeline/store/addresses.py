"""Addresses: what is due, and how each ended.

An address stays due until its ending is filed, so what is stored always says what is
left to do.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.model import Outcome, Reason, Validators
from pipeline.store.runs import add_to_tally, count_endings
from pipeline.store.tables import address, article, feed, page, sighting
from pipeline.urls import id_stem


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAddress:
    """An address that is to be fetched, with what its feed says of it."""

    id: int
    url: str
    source_id: str
    title: str
    summary: str | None = None
    published_at: datetime | None
    language: str | None
    first_seen_at: datetime
    attempts: int
    article_id: int | None = None  # the one that it led to
    replaces_id: int | None = None  # an address that perhaps led to the same article
    validators: Validators = Validators()  # of the page it was read from


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a due address ended."""

    address: DueAddress
    outcome: Outcome
    reason: Reason | None = None
    detail: str = ""
    due_at: datetime | None = None  # when to fetch it again; None: never
    attempts: int = 0  # that have failed so far
    article_id: int | None = None


#: The columns of a due address that stand in its row.
DUE_COLUMNS = (
    address.c.id,
    address.c.url,
    address.c.source_id,
    address.c.title,
    address.c.summary,
    address.c.published_at,
    address.c.language,
    address.c.first_seen_at,
    address.c.attempts,
    address.c.article_id,
    address.c.replaces_id,
)


def due_address(values: Sequence[Any]) -> DueAddress:
    """Return the address that the values of `DUE_COLUMNS` describe."""
    names = (column.name for column in DUE_COLUMNS)
    return DueAddress(**dict(zip(names, values, strict=True)))


#: Nothing is due so far ahead: a moment that is was noted by a clock that was wrong.
FAR_AHEAD = timedelta(days=10)


def is_read() -> sa.ColumnElement[bool]:
    """Whether an address is still to be read: a feed that we poll names it, or a list did."""
    named = sa.exists().where(sighting.c.address_id == address.c.id)
    polled = named.where(feed.c.id == sighting.c.feed_id, feed.c.enabled.is_(True))
    return sa.or_(polled, ~named)


def find_due(connection: sa.Connection, *, now: datetime) -> list[DueAddress]:
    """Return the addresses that wait to be fetched, oldest first."""
    due = sa.or_(address.c.due_at <= now, address.c.due_at > now + FAR_AHEAD)
    rows = connection.execute(
        sa.select(*DUE_COLUMNS, page.c.etag, page.c.last_modified)
        .outerjoin(article, article.c.id == address.c.article_id)
        # Another address of the article has validators of its own.
        .outerjoin(page, (page.c.id == article.c.page_id) & (page.c.address_id == address.c.id))
        .where(due, is_read())
        .order_by(address.c.first_seen_at, address.c.id)
    )
    return [
        replace(due_address(values), validators=Validators(etag=etag, last_modified=last_modified))
        for *values, etag, last_modified in rows
    ]


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
    connection.execute(statement, [_ending_row(one, run_id) for one in endings])
    count_endings(connection, run_id, counts)


_ENDING_COLUMNS = (
    "due_at",
    "attempts",
    "run_id",
    "ended_run_id",
    "outcome",
    "reason",
    "detail",
    "article_id",
    "summary",
)


def _ending_row(one: Ending, run_id: int) -> dict[str, object]:
    will_be_read = one.outcome is Outcome.FAILED and one.due_at is not None
    return {
        "row_id": one.address.id,
        "due_at": one.due_at,
        "attempts": one.attempts,
        "run_id": run_id,
        "ended_run_id": run_id,
        "outcome": one.outcome,
        "reason": one.reason,
        "detail": one.detail or None,
        "article_id": one.article_id,
        # What a feed says at length is kept only as long as it may have to stand in.
        "summary": one.address.summary if will_be_read else None,
    }


def change_outcome(
    connection: sa.Connection, article_id: int, before: Outcome, after: Outcome
) -> None:
    """Count the address that brought an article under another outcome, in the run it ended in."""
    here = sa.and_(address.c.article_id == article_id, address.c.outcome == before)
    rows = connection.execute(sa.select(address).where(here)).all()
    connection.execute(sa.update(address).where(here).values(outcome=after))
    moves = [
        {
            "run_id": row.ended_run_id,
            "source_id": row.source_id,
            "outcome": outcome,
            "reason": "",
            "addresses": number,
        }
        for row in rows
        for outcome, number in ((before, -1), (after, 1))
    ]
    add_to_tally(connection, moves)


# --- addresses that no feed has named ------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAddress:
    """An address that the archive has, with how it last ended."""

    due: DueAddress
    due_at: datetime | None
    run_id: int | None  # the last run that counted it
    outcome: Outcome | None  # None: it has not been read yet

    @property
    def wants_page(self) -> bool:
        """Whether it has not come to anything yet."""
        return self.outcome in {None, Outcome.FAILED} and self.due.article_id is None


def find_known(connection: sa.Connection, keys: Collection[str]) -> dict[str, KnownAddress]:
    """Return by key those of the addresses that the archive has."""
    more = (address.c.key, address.c.due_at, address.c.run_id, address.c.outcome)
    rows = connection.execute(sa.select(*DUE_COLUMNS, *more).where(address.c.key.in_(keys)))
    return {
        key: KnownAddress(
            due=due_address(values),
            due_at=due_at,
            run_id=run_id,
            outcome=Outcome(outcome) if outcome else None,
        )
        for *values, key, due_at, run_id, outcome in rows
    }


def take_in(
    connection: sa.Connection, found: Mapping[str, DueAddress], *, due_at: datetime | None
) -> dict[str, DueAddress]:
    """File addresses that the archive does not have, by key; return them with their numbers.

    With ``due_at`` they are to be fetched then; without it they end in this transaction.
    """
    rows = [
        {
            "key": key,
            "url": one.url,
            "source_id": one.source_id,
            "title": one.title,
            "stem": id_stem(key),
            "first_seen_at": one.first_seen_at,
            "due_at": due_at,
            "attempts": 0,
        }
        for key, one in found.items()
    ]
    if not rows:
        return {}
    made = sa.insert(address).returning(*DUE_COLUMNS, sort_by_parameter_order=True)
    filed = [due_address(row) for row in connection.execute(made, rows)]
    return dict(zip(found, filed, strict=True))


def see_earlier(connection: sa.Connection, seen: Mapping[int, datetime]) -> None:
    """Note that addresses, by number, were there earlier than we knew."""
    here = sa.update(address).where(address.c.id == sa.bindparam("row_id"))
    rows = [{"row_id": number, "at": at} for number, at in seen.items()]
    if rows:
        connection.execute(here.values(first_seen_at=sa.bindparam("at")), rows)


def make_due(connection: sa.Connection, sources: Mapping[int, str], *, due_at: datetime) -> None:
    """Let addresses, by number, be fetched for these sources, as if for the first time."""
    here = sa.update(address).where(address.c.id == sa.bindparam("row_id"))
    values = {"due_at": due_at, "attempts": 0, "source_id": sa.bindparam("source")}
    rows = [{"row_id": number, "source": source_id} for number, source_id in sources.items()]
    if rows:
        connection.execute(here.values(values), rows)


def count_unchanged(connection: sa.Connection, run_id: int, numbers: Collection[int]) -> int:
    """Count addresses as seen again in a run, each once; return how many that are."""
    here = sa.and_(address.c.id.in_(numbers), address.c.run_id.is_distinct_from(run_id))
    seen = sa.update(address).where(here).values(run_id=run_id).returning(address.c.source_id)
    by_source = Counter(connection.scalars(seen))
    ending = (Outcome.UNCHANGED, None)
    count_endings(connection, run_id, {one: {ending: n} for one, n in by_source.items()})
    return by_source.total()
