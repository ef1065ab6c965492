"""What arrives in files is read and filed in batches; each address counts once in its run."""

import queue
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

import sqlalchemy as sa

from pipeline.jobs.arrivals import Arrival, Arrived, Missed
from pipeline.jobs.desk import Desk, ReadPage
from pipeline.model import Outcome, Reason
from pipeline.store import addresses, runs
from pipeline.store.addresses import DueAddress, KnownAddress
from pipeline.store.database import Archive
from pipeline.store.runs import Run
from pipeline.store.sources import BACKFILL

#: What is read and filed together: enough pages to keep the processes busy and to write in one
#: transaction, few enough bytes that memory stays small with the largest pages too.
BATCH = 128
BATCH_BYTES = 16_000_000

#: Addresses without a page that are remembered: crawlers try again soon, and each counts once.
MISSED = 20_000


def address_of(url: str, source_id: str, seen_at: datetime) -> DueAddress:
    """Return an address that is to be filed; it has no number yet."""
    return DueAddress(
        id=0,
        url=url,
        source_id=source_id,
        title="",
        published_at=None,
        language=None,
        first_seen_at=seen_at,
        attempts=0,
    )


def batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Part what arrives into batches to be filed."""
    batch: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        batch.append(arrival)
        size += len(arrival.page.body) if isinstance(arrival, Arrived) else 0
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Intake:
    """Reads what arrives and files what it gave."""

    def __init__(
        self, archive: Archive, desk: Desk, run: Run, source_of: Callable[[str], str]
    ) -> None:
        self._archive = archive
        self._desk = desk
        self._run = run
        self._source_of = source_of
        #: How those ended that were counted and not filed, by the hash of their keys.
        self._missed: dict[int, tuple[str, Outcome, Reason]] = {}

    def file(self, batch: Sequence[Arrival], *, now: datetime) -> int:
        """Read and file a batch in one transaction; return how many articles are new."""
        arrived, missed = _by_key(batch)
        with self._archive.reading() as connection:
            known = addresses.find_known(connection, {*arrived, *_filed_keys(missed)})
        wanted = {
            key: self._wanted(one, known.get(key))
            for key, one in arrived.items()
            if key not in known or known[key].wants_page
        }
        read = self._read({key: (due, arrived[key]) for key, due in wanted.items()})
        with self._archive.writing() as connection:
            new = {key: due for key, due in wanted.items() if key not in known}
            numbered = wanted | addresses.take_in(connection, new, due_at=None)
            addresses.see_earlier(connection, _earlier(wanted, known))
            pages = [replace(one, address=numbered[key]) for key, one in read.items()]
            endings = self._desk.file(connection, pages, now=now)
            addresses.save_endings(connection, self._run.id, endings)
            idle = [one.due.id for key, one in known.items() if key not in wanted]
            addresses.count_unchanged(connection, self._run.id, idle)
            unknown = {key: one for key, one in missed.items() if key not in known}
            self._count_missed(connection, unknown, found=wanted)
            self._archive.pages.sync()
        return sum(one.outcome is Outcome.STORED for one in endings)

    def _wanted(self, one: Arrived, known: KnownAddress | None) -> DueAddress:
        fetched_at = one.page.fetched_at
        if known is None:
            return address_of(one.page.url, self._source_of(one.page.url), fetched_at)
        return replace(known.due, first_seen_at=min(known.due.first_seen_at, fetched_at))

    def _read(self, wanted: Mapping[str, tuple[DueAddress, Arrived]]) -> dict[str, ReadPage]:
        """Have pages read by the processes; return what they gave, by key."""
        told: queue.SimpleQueue[tuple[str, ReadPage | BaseException]] = queue.SimpleQueue()
        for key, (address, one) in wanted.items():
            self._desk.read(address, one.page, partial(_put, told, key))
        read: dict[str, ReadPage] = {}
        for _ in wanted:
            key, result = told.get()
            if isinstance(result, BaseException):
                raise result
            read[key] = result
        return {key: read[key] for key in wanted}  # in their order, whichever was ready first

    def _count_missed(
        self, connection: sa.Connection, missed: Mapping[str, Missed], *, found: Iterable[str]
    ) -> None:
        """Count addresses without a page, unless they were; one that has its page now is not."""
        changes: dict[str, Counter[tuple[Outcome, Reason | None]]] = {}
        for key in found:
            if before := self._missed.pop(hash(key), None):
                source_id, outcome, reason = before
                changes.setdefault(source_id, Counter())[outcome, reason] -= 1
        for key, one in missed.items():
            if hash(key) not in self._missed:
                ending = (self._missed_source(one), one.outcome, one.reason)
                self._missed[hash(key)] = ending
                changes.setdefault(ending[0], Counter())[one.outcome, one.reason] += 1
        for oldest in list(islice(self._missed, max(0, len(self._missed) - MISSED))):
            del self._missed[oldest]
        runs.count_endings(connection, self._run.id, changes)

    def _missed_source(self, one: Missed) -> str:
        return BACKFILL if one.reason is Reason.BAD_ADDRESS else self._source_of(one.key)


def _put(
    told: "queue.SimpleQueue[tuple[str, ReadPage | BaseException]]",
    key: str,
    result: ReadPage | BaseException,
) -> None:
    told.put((key, result))


def _by_key(batch: Iterable[Arrival]) -> tuple[dict[str, Arrived], dict[str, Missed]]:
    """Part what arrived, each address once: with its first page, if it has one."""
    arrived: dict[str, Arrived] = {}
    missed: dict[str, Missed] = {}
    for one in batch:
        if isinstance(one, Arrived):
            arrived.setdefault(one.key, one)
        else:
            missed.setdefault(one.key, one)
    return arrived, {key: one for key, one in missed.items() if key not in arrived}


def _filed_keys(missed: Mapping[str, Missed]) -> list[str]:
    """Return the keys under which an address can be filed."""
    return [key for key, one in missed.items() if one.reason is not Reason.BAD_ADDRESS]


def _earlier(
    wanted: Mapping[str, DueAddress], known: Mapping[str, KnownAddress]
) -> dict[int, datetime]:
    """Return when known addresses were there, by number, if that is earlier than we knew."""
    return {
        due.id: due.first_seen_at
        for key, due in wanted.items()
        if key in known and due.first_seen_at < known[key].due.first_seen_at
    }
