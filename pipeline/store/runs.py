"""Runs, and how what they saw ended: the outcomes of a run add up to its addresses."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

import sqlalchemy as sa

from pipeline.model import Outcome, Reason
from pipeline.store.bulk import insert_or_update
from pipeline.store.tables import run, tally

#: How often addresses ended in which way.
Endings = Mapping[tuple[Outcome, Reason | None], int]


class Job(StrEnum):
    """What a run does."""

    COLLECT = "collect"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run that has begun. Its start is the moment by which everything in it is due."""

    id: int
    started_at: datetime
    pages_file: str


def start_run(
    connection: sa.Connection,
    *,
    now: datetime,
    version: str,
    sources_hash: str,
    job: Job = Job.COLLECT,
) -> Run:
    """Begin a run."""
    # A name that no run of any archive has, for archives may share a folder.
    pages_file = f"pages-{now:%Y%m%d-%H%M%S}-{token_hex(4)}.warc.gz"
    values = {
        "started_at": now,
        "version": version,
        "sources_hash": sources_hash,
        "pages_file": pages_file,
        "job": job,
        "line_down": False,
    }
    number = connection.execute(sa.insert(run).returning(run.c.id), values).scalar_one()
    return Run(id=int(number), started_at=now, pages_file=pages_file)


def killed_runs(connection: sa.Connection) -> list[str]:
    """Return the files of pages of the runs that did not come to their end."""
    return list(connection.scalars(sa.select(run.c.pages_file).where(run.c.ended_at.is_(None))))


def end_run(
    connection: sa.Connection, run_id: int, *, now: datetime, line_down: bool = False
) -> None:
    """Note that the run came to its end."""
    values = {"ended_at": now, "line_down": line_down}
    connection.execute(sa.update(run).where(run.c.id == run_id).values(values))


def count_endings(connection: sa.Connection, run_id: int, by_source: Mapping[str, Endings]) -> None:
    """Add to the figures of a run."""
    rows = [
        {
            "run_id": run_id,
            "source_id": source_id,
            "outcome": outcome,
            "reason": reason or "",
            "addresses": number,
        }
        for source_id, counts in by_source.items()
        for (outcome, reason), number in counts.items()
        if number
    ]
    add_to_tally(connection, rows)


def add_to_tally(connection: sa.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Add rows of the table `tally` to those that are there, number to number."""
    values = [dict(row) for row in rows]
    if not values:
        return
    new = insert_or_update(connection, tally)
    more = {"addresses": tally.c.addresses + new.excluded.addresses}
    lines = list(tally.primary_key.columns)
    connection.execute(new.on_conflict_do_update(index_elements=lines, set_=more), values)


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
