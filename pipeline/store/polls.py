"""What polls gave: new addresses, sightings, the health of feeds.

An address is written down as due in the same transaction as the validators of
the feed that named it. So what is stored always says what is left to do: after
a kill the feed may answer “unchanged”, and its addresses are still due.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from pipeline.intervals import Bounds, next_interval, next_poll
from pipeline.model import FeedEntry, FeedReading, Outcome, Reason, Source, Validators
from pipeline.store.addresses import DUE_COLUMNS, DueAddress, due_address, is_read
from pipeline.store.runs import Run, count_endings
from pipeline.store.sources import FeedState, save_found
from pipeline.store.tables import address, feed, poll, sighting
from pipeline.urls import id_stem

#: An entry that changes more often has a counter in its words, or a clock.
MOST_CHANGES = 8
#: What changes later is history, or a template.
CHANGES_COUNT_FOR = timedelta(days=30)

#: A window of fewer entries moves on altogether with every second article.
SMALLEST_WINDOW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One poll of a feed: a reading, a “not modified”, or a failure with its reason."""

    state: FeedState
    polled_at: datetime
    reading: FeedReading = FeedReading()
    keys: Mapping[str, FeedEntry] = field(default_factory=dict)  # our spelling → entry, in order
    outlets: Mapping[str, Source] = field(default_factory=dict)  # key → outlet; else the source
    validators: Validators | None = None  # None: those we have stay
    not_modified: bool = False
    fresh_for: timedelta | None = None  # for how long it says that it will not change
    moved_to: str | None = None  # where it has moved for good
    reason: Reason | None = None  # why there was no usable reply; None: there was
    detail: str = ""
    retry_at: datetime | None = None  # before then the host does not want to be asked
    asked: bool = True  # False: the host had asked for a pause, so it was let alone

    @property
    def failure(self) -> str | None:
        """Why it failed, in words; None if it was answered."""
        if self.reason is None:
            return None
        return f"{self.reason}: {self.detail}" if self.detail else str(self.reason)


#: What the archive knows of the addresses that a poll names, by key: their rows, with this
#: feed's sighting of them (`feed_id` is null where it has not named them before).
_Known = Mapping[str, sa.Row[*tuple[Any, ...]]]


def save_poll(
    connection: sa.Connection, of: Run, one: Poll, *, bounds: Bounds, blame: bool = True
) -> list[DueAddress]:
    """File what a poll gave; return the addresses that are to be fetched because of it.

    Known addresses end as unchanged, each once a run; refused entries are rejected.

    Args:
        connection: in a transaction.
        of: the run.
        one: what it gave.
        bounds: of the feed's interval.
        blame: whether a failure is held against the feed.
    """
    save_found(connection, one.outlets.values(), found_by=one.state.source.id)
    known = _find_known(connection, one)
    gap = _has_gap(one, known)
    fresh = _new_addresses(connection, of, one, known)
    due = fresh + _take_up(connection, of, known)
    _save_sightings(connection, one, known, fresh)
    due += _read_again(connection, of, one, known)
    counts = Counter[tuple[Outcome, Reason | None]]()
    counts[Outcome.UNCHANGED, None] = _count_unchanged(connection, of, one)
    for rejection in one.reading.rejections:
        counts[Outcome.REJECTED, rejection.reason] += 1
    count_endings(connection, of.id, {one.state.source.id: counts})
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
            "not_modified": one.not_modified,
            "gap": gap,
        },
    )
    # To a feed is new what it has not named before, whichever of two feeds was asked first.
    new = sum(key not in known or known[key].feed_id is None for key in one.keys)
    _note_health(connection, one, fresh=new, gap=gap, bounds=bounds, blame=blame)
    return due


def polls_since(connection: sa.Connection, moment: datetime) -> list[tuple[str, Reason | None]]:
    """Return the feeds polled since a moment, with why each last failed; None: it answered."""
    last = sa.func.max(poll.c.id)
    recent = sa.select(last).where(poll.c.polled_at >= moment).group_by(poll.c.feed_id)
    rows = connection.execute(
        sa.select(feed.c.url, poll.c.reason)
        .join(feed, feed.c.id == poll.c.feed_id)
        # By number: the moments have no index, the numbers rise with them.
        .where(poll.c.id.in_(recent))
    )
    return [(url, Reason(reason) if reason else None) for url, reason in rows]


# --- addresses ---------------------------------------------------------------


def _find_known(connection: sa.Connection, one: Poll) -> _Known:
    if not one.keys:
        return {}
    mine = sighting.alias()
    here = sa.and_(mine.c.address_id == address.c.id, mine.c.feed_id == one.state.id)
    rows = connection.execute(
        sa.select(address, mine.c.feed_id, mine.c.title.label("seen_title"))
        .add_columns(mine.c.summary_hash, mine.c.changes, mine.c.last_seen_at)
        .outerjoin(mine, here)
        .where(address.c.key.in_(list(one.keys)))
    )
    return {row.key: row for row in rows}


def _has_gap(one: Poll, known: _Known) -> bool:
    """Tell whether nothing of the poll before is left in the window, so that some was missed."""
    before = one.state.listed_at
    if before is None or len(one.keys) < SMALLEST_WINDOW:
        return False
    return not any(row.last_seen_at and row.last_seen_at >= before for row in known.values())


def _new_addresses(
    connection: sa.Connection, of: Run, one: Poll, known: _Known
) -> list[DueAddress]:
    fresh = {key: entry for key, entry in one.keys.items() if key not in known}
    if not fresh:
        return []
    stems = {key: id_stem(key) for key in fresh}
    replaced = _find_replaced(connection, one, fresh, stems)
    rows = [
        {
            "key": key,
            "url": entry.url,
            "source_id": one.outlets.get(key, one.state.source).id,
            "title": entry.title,
            "published_at": entry.published_at,
            "language": entry.language,
            "summary": entry.summary or None,
            "stem": stems[key],
            "replaces_id": replaced.get(key),
            "first_seen_at": one.polled_at,
            "due_at": of.started_at,
            "attempts": 0,
        }
        for key, entry in fresh.items()
    ]
    made = sa.insert(address).returning(*DUE_COLUMNS, sort_by_parameter_order=True)
    return [due_address(row) for row in connection.execute(made, rows)]


def _find_replaced(
    connection: sa.Connection,
    one: Poll,
    fresh: Mapping[str, FeedEntry],
    stems: Mapping[str, str | None],
) -> dict[str, int]:
    """Return by key the earlier address with the same guid or stem; the guid tells more."""
    guids = [entry.guid for entry in fresh.values() if entry.guid]
    same_guid = sa.select(sighting.c.guid, sa.func.max(sighting.c.address_id)).where(
        sighting.c.feed_id == one.state.id, sighting.c.guid.in_(guids)
    )
    by_guid: dict[str, int] = {
        row[0]: row[1]
        for row in (connection.execute(same_guid.group_by(sighting.c.guid)) if guids else ())
    }
    wanted = [stem for stem in stems.values() if stem]
    same_stem = sa.select(address.c.stem, sa.func.max(address.c.id)).where(
        address.c.stem.in_(wanted)
    )
    by_stem: dict[str, int] = {
        row[0]: row[1]
        for row in (connection.execute(same_stem.group_by(address.c.stem)) if wanted else ())
    }
    found = {
        key: by_guid.get(entry.guid or "") or by_stem.get(stems[key] or "")
        for key, entry in fresh.items()
    }
    return {key: number for key, number in found.items() if number}


def _take_up(connection: sa.Connection, of: Run, known: _Known) -> list[DueAddress]:
    """Return what is due and was named only by feeds that are polled no more."""
    first = [row.id for row in known.values() if row.feed_id is None]
    if not first:
        return []
    left = sa.select(*DUE_COLUMNS).where(
        address.c.id.in_(first), address.c.due_at <= of.started_at, ~is_read()
    )
    return [due_address(row) for row in connection.execute(left)]


def _count_unchanged(connection: sa.Connection, of: Run, one: Poll) -> int:
    """Count what has no work left in this run as seen in it; return how many that are."""
    if not one.keys:
        return 0
    here = address.c.key.in_(list(one.keys))
    idle = sa.or_(address.c.due_at.is_(None), address.c.due_at > of.started_at)
    not_counted = address.c.run_id.is_distinct_from(of.id)
    counted = sa.update(address).where(here, idle, not_counted).values(run_id=of.id)
    return connection.execute(counted).rowcount


# --- sightings ---------------------------------------------------------------


def _save_sightings(
    connection: sa.Connection, one: Poll, known: _Known, fresh: Sequence[DueAddress]
) -> None:
    """Note what this feed names."""
    new_keys = [key for key in one.keys if key not in known]
    first = dict(zip(new_keys, (due.id for due in fresh), strict=True))
    first |= {key: row.id for key, row in known.items() if row.feed_id is None}
    if first:
        rows = [_sighting_row(one, one.keys[key], number) for key, number in first.items()]
        connection.execute(sa.insert(sighting), rows)
    again = [row.id for row in known.values() if row.feed_id is not None]
    if again:
        here = (sighting.c.feed_id == one.state.id, sighting.c.address_id.in_(again))
        seen = sa.update(sighting).where(*here)
        connection.execute(seen.values(last_seen_at=one.polled_at))


def _sighting_row(one: Poll, entry: FeedEntry, number: int) -> dict[str, object]:
    return {
        "feed_id": one.state.id,
        "address_id": number,
        "guid": entry.guid,
        "title": entry.title,
        "summary_hash": _summary_hash(entry),
        "first_seen_at": one.polled_at,
        "last_seen_at": one.polled_at,
        "changes": 0,
    }


def _summary_hash(entry: FeedEntry) -> int | None:
    if not entry.summary:
        return None
    digest = blake2b(" ".join(entry.summary.split()).encode("utf-8", "replace"), digest_size=8)
    return int.from_bytes(digest.digest(), signed=True)


def _read_again(connection: sa.Connection, of: Run, one: Poll, known: _Known) -> list[DueAddress]:
    """Note which entries have changed; return the addresses to be read again because of it."""
    changed = {
        key: row
        for key, row in known.items()
        if row.feed_id is not None
        and row.changes < MOST_CHANGES
        and _has_changed(row, one.keys[key])
    }
    if not changed:
        return []
    here = (sighting.c.feed_id == one.state.id, sighting.c.address_id == sa.bindparam("number"))
    statement = (
        sa.update(sighting)
        .where(*here)
        .values(
            title=sa.bindparam("new_title"),
            summary_hash=sa.bindparam("new_hash"),
            changes=sighting.c.changes + 1,
        )
    )
    values = [
        {
            "number": row.id,
            "new_title": one.keys[key].title,
            "new_hash": _summary_hash(one.keys[key]),
        }
        for key, row in changed.items()
    ]
    connection.execute(statement, values)
    wanted = {
        row.id: one.keys[key]
        for key, row in changed.items()
        if _is_worth_reading(row, one.keys[key], one)
    }
    return _make_due(connection, of, one, wanted)


def _has_changed(row: sa.Row[*tuple[Any, ...]], entry: FeedEntry) -> bool:
    return bool(row.seen_title != entry.title or row.summary_hash != _summary_hash(entry))


def _is_worth_reading(row: sa.Row[*tuple[Any, ...]], entry: FeedEntry, one: Poll) -> bool:
    """Tell whether a page is to be read again because its entry has changed.

    A new headline may make any article one about the holiday, or another one; a new summary
    counts for those that we have.
    """
    if one.polled_at - row.first_seen_at > CHANGES_COUNT_FOR:
        return False
    if row.seen_title != entry.title:
        return True
    return row.article_id is not None and row.summary_hash is not None


def _make_due(
    connection: sa.Connection, of: Run, one: Poll, wanted: Mapping[int, FeedEntry]
) -> list[DueAddress]:
    """Make addresses due that are not; return those that can be read in this run.

    One that has its outcome in this run, since another feed named it, is due in the next.
    """
    if not wanted:
        return []
    idle = sa.or_(address.c.due_at.is_(None), address.c.due_at > of.started_at)
    open_ = sa.and_(address.c.id.in_(list(wanted)), idle)
    counted = address.c.run_id == of.id
    later = max(one.polled_at, of.started_at + timedelta(milliseconds=1))
    connection.execute(sa.update(address).where(open_, counted).values(due_at=later))
    now = sa.update(address).where(open_, address.c.run_id.is_distinct_from(of.id))
    due = list(connection.execute(now.values(due_at=of.started_at).returning(*DUE_COLUMNS)))
    said = sa.update(address).where(address.c.id == sa.bindparam("number"))
    rows = [
        {"number": number, "new_title": entry.title, "new_summary": entry.summary or None}
        for number, entry in wanted.items()
    ]
    said = said.values(title=sa.bindparam("new_title"), summary=sa.bindparam("new_summary"))
    connection.execute(said, rows)
    return [
        replace(
            due_address(row), title=wanted[row.id].title, summary=wanted[row.id].summary or None
        )
        for row in due
    ]


# --- health ------------------------------------------------------------------


def _note_health(  # noqa: PLR0913 - what a poll came to, each by its name
    connection: sa.Connection, one: Poll, *, fresh: int, gap: bool, bounds: Bounds, blame: bool
) -> None:
    state, now = one.state, one.polled_at
    values: dict[str, object] = {"held_until": one.retry_at}
    if one.asked:
        values["polled_at"] = now
    if one.reason is not None:
        failures = state.failures + (1 if blame and one.asked else 0)
        interval = state.interval or bounds.first
        blamed = feed.c.failures + (failures - state.failures)
        values |= {"failures": blamed, "failure": one.failure}
    else:
        failures = 0
        interval = next_interval(
            state.interval,
            since=now - state.polled_at if state.polled_at else None,
            entries=len(one.keys),
            fresh=fresh,
            gap=gap,
            bounds=bounds,
        )
        values |= {"failures": 0, "failure": None, "succeeded_at": now}
        values |= {"interval": interval.total_seconds()}
        values |= _move(one)
        if fresh:
            values["new_entry_at"] = now
        if not one.not_modified:
            values["whole_at"] = now
        if one.keys:
            values["listed_at"] = now
        if gap:
            values |= {"gap_at": now, "gaps": feed.c.gaps + 1}
        if one.validators is not None:
            values["etag"] = one.validators.etag
            values["last_modified"] = one.validators.last_modified
    due_at = next_poll(
        interval if blame else bounds.shortest,
        now=now,
        number=state.id,
        bounds=bounds,
        failures=failures,
        fresh_for=one.fresh_for,
    )
    values["due_at"] = max(due_at, one.retry_at) if one.retry_at else due_at
    connection.execute(sa.update(feed).where(feed.c.id == state.id).values(values))


def _move(one: Poll) -> dict[str, object]:
    if one.moved_to == one.state.moved_to:
        return {}
    return {"moved_to": one.moved_to, "moved_at": one.polled_at if one.moved_to else None}
