"""The outlets and their feeds, as sources.yaml has them and as the archive remembers them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pipeline.model import Feed, Keep, PublisherKind, Source, Validators
from pipeline.store.tables import address, article, feed, source

#: The id under which stands what no feed has named, until its outlet is known.
BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A feed with what the archive remembers of it."""

    id: int
    source: Source
    feed: Feed
    validators: Validators = Validators()
    interval: timedelta | None = None  # None: not asked yet
    failures: int = 0  # in a row
    polled_at: datetime | None = None
    listed_at: datetime | None = None  # last poll that brought any entry
    due_at: datetime | None = None
    held_until: datetime | None = None  # the host asked for a pause until then
    whole_at: datetime | None = None  # last poll that brought the whole feed
    moved_to: str | None = None


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


def hand_over(connection: sa.Connection, owner_of: Callable[[Source], str]) -> None:
    """Give what was filed under found outlets to the sources that they turned out to be.

    ``owner_of`` returns the id of the source at whose address an outlet stands, its own if
    there is none. What was counted stays counted where it was.
    """
    found = sa.select(source).where(source.c.found_by.is_not(None), source.c.id != BACKFILL)
    for row in connection.execute(found).all():
        owner = owner_of(source_of(row))
        if owner != row.id:
            for table in (article, address):
                theirs = sa.update(table).where(table.c.source_id == row.id)
                connection.execute(theirs.values(source_id=owner))


def _save_source(connection: sa.Connection, one: Source, *, new: bool) -> None:
    values = {**_facts(one), "found_by": None}
    if new:
        connection.execute(sa.insert(source), values)
    else:
        connection.execute(sa.update(source).where(source.c.id == one.id).values(values))


def _facts(one: Source) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "publisher": one.publisher.value,
        "country": one.country,
        "languages": list(one.languages),
        "time_zone": one.time_zone,
        "homepage": one.homepage,
        "keep": one.keep.value,
        "enabled": one.enabled,
        "verify_tls": one.verify_tls,
    }


def _save_feed(connection: sa.Connection, one: Source, each: Feed) -> FeedState:
    row = connection.execute(sa.select(feed).where(feed.c.url == each.url)).one_or_none()
    facts = {"source_id": one.id, "kind": each.kind.value, "enabled": one.enabled}
    if row is None:
        values = {**facts, "url": each.url, "failures": 0, "gaps": 0}
        made = connection.execute(sa.insert(feed).returning(feed.c.id), values)
        return FeedState(id=made.scalar_one(), source=one, feed=each)
    connection.execute(sa.update(feed).where(feed.c.id == row.id).values(facts))
    return FeedState(
        id=row.id,
        source=one,
        feed=each,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        interval=None if row.interval is None else timedelta(seconds=row.interval),
        failures=row.failures,
        polled_at=row.polled_at,
        listed_at=row.listed_at,
        due_at=row.due_at,
        held_until=row.held_until,
        whole_at=row.whole_at,
        moved_to=row.moved_to,
    )


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
        verify_tls=facts["verify_tls"],
    )


# --- outlets that do not stand in sources.yaml -------------------------------


def all_sources(connection: sa.Connection) -> list[Source]:
    """Return all sources that the archive knows, without their feeds."""
    rows = connection.execute(sa.select(source).order_by(source.c.id))
    return [source_of(row) for row in rows]


def save_found(connection: sa.Connection, outlets: Iterable[Source], *, found_by: str) -> None:
    """File outlets to which a source led; those that are filed already stay as they are."""
    wanted = {one.id: one for one in outlets}
    here = sa.select(source.c.id).where(source.c.id.in_(list(wanted)))
    for known in connection.scalars(here):
        del wanted[known]
    for one in wanted.values():
        values = {**_facts(replace(one, enabled=False)), "found_by": found_by}
        connection.execute(sa.insert(source), values)
