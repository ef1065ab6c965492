"""The backfill: what files hold is read and filed as if it had been fetched.

Pages (of WARC files, or saved by a browser) are read and filed in batches, each in one
transaction: a kill costs the batch, and the same command heals it, for what is filed is not
read again. Addresses of a list are filed as due, some at a time, and the collector fetches
them; after a kill the next run of it goes on.

An address belongs to the source of sources.yaml at whose site it stands, else to the source
`BACKFILL`, until an article is read at it: that gets an outlet of its own (`jobs.desk`). So
the thousands of hosts of a crawl leave no trace but their addresses.

What a crawl has no page of, for it was not found or is no HTML, is counted and not filed: that
the crawler failed says nothing of the address today, and a feed that names it has it fetched.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from pipeline import __version__
from pipeline.errors import ConfigError
from pipeline.jobs.arrivals import (
    Arrival,
    Missed,
    Place,
    arrival_of_record,
    arrival_of_saved,
    block_bytes,
    place_of,
)
from pipeline.jobs.collect import Progress as Collected
from pipeline.jobs.collect import collect
from pipeline.jobs.desk import Desk
from pipeline.jobs.intake import Intake, address_of, batches
from pipeline.jobs.readers import Readers
from pipeline.model import Outcome, PublisherKind, Reason, Source
from pipeline.outlets import Outlets
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store import addresses, runs
from pipeline.store.addresses import KnownAddress
from pipeline.store.crawls import CrawlFile, FileKind, Line, read_lines, read_saved, recognize
from pipeline.store.database import Archive
from pipeline.store.healing import heal
from pipeline.store.records import read_records
from pipeline.store.runs import Job, Run
from pipeline.store.sources import BACKFILL, all_sources, save_found, save_sources
from pipeline.store.unpacking import Damage
from pipeline.web.clock import Clock

#: Addresses of a list that are taken in and fetched together.
LIST_CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillReport:
    """What a backfill did."""

    outcomes: Mapping[Outcome, int]  # add up to the addresses seen
    reasons: Mapping[str, int]  # of the rejected and failed
    faults: Sequence[str]  # what is wrong with files, a line for each
    line_down: bool  # most hosts were silent: what is left of lists stays due


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a backfill has come."""

    bytes: int  # of all files
    bytes_done: int = 0
    addresses: int = 0  # that were taken from them
    stored: int = 0


def sort_out(paths: Iterable[Path]) -> tuple[list[CrawlFile], list[str]]:
    """Tell what files hold; return those that can be taken in, and what is wrong with the others.

    Raises:
        ConfigError: not one can be taken in.
    """
    files, faults = [], []
    for path in paths:
        try:
            files.append(recognize(path))
        except ConfigError as error:
            faults.append(str(error))
    if not files:
        raise ConfigError("; ".join(faults))
    return files, faults


def backfill(  # noqa: PLR0913 - what it needs, each by its name
    archive: Archive,
    catalogue: Catalogue,
    settings: Settings,
    files: Sequence[CrawlFile],
    *,
    clock: Clock,
    show: Callable[[Progress], None] = lambda _: None,
    readers: Readers | None = None,
) -> BackfillReport:
    """Take in what files hold: pages first, then the addresses of lists.

    A damaged file costs only what is damaged in it.

    Args:
        archive: where it is filed.
        catalogue: the topic and the sources.
        settings: how large a page may be, and how to ask for the addresses of lists.
        files: as `sort_out` has told them.
        clock: the moment of filing; by then every page was fetched.
        show: told how far it has come.
        readers: the processes that read the pages; None: it has its own.

    Raises:
        StoreError: the archive cannot be written, or another run writes to it.
    """
    with ExitStack() as stack:
        if readers is None:
            readers = stack.enter_context(Readers(catalogue.topic))
        work = _Backfill(archive, catalogue, settings, clock=clock, show=show, readers=readers)
        return work.take(files)


def _nobody(catalogue: Catalogue) -> Source:
    """Return the source of addresses whose outlet is not known; as a search, it leads there."""
    languages = (language for one in catalogue.sources for language in one.languages)
    return Source(
        id=BACKFILL,
        name="Backfill",
        publisher=PublisherKind.AGGREGATOR,
        languages=tuple(dict.fromkeys(languages)),
        time_zone=catalogue.topic.time_zone,
        feeds=(),
        enabled=False,
    )


class _Backfill:
    """The work of one backfill."""

    def __init__(  # noqa: PLR0913 - as `backfill`
        self,
        archive: Archive,
        catalogue: Catalogue,
        settings: Settings,
        *,
        clock: Clock,
        show: Callable[[Progress], None],
        readers: Readers,
    ) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._settings = settings
        self._clock = clock
        self._show = show
        self._readers = readers
        self._nobody = _nobody(catalogue)
        self._outlets = Outlets(catalogue.sources)
        self._enabled = {source.id for source in catalogue.sources if source.enabled}
        self._runs: list[int] = []
        self._faults: dict[Path, tuple[str, int]] = {}  # the first of a file, and how many
        self._line_down = False
        self._progress = Progress(bytes=0)

    def take(self, files: Sequence[CrawlFile]) -> BackfillReport:
        """Take in the files; return what came of it."""
        self._progress = Progress(bytes=sum(file.size for file in files))
        pages = [file for file in files if file.kind is not FileKind.LIST]
        if pages:
            self._take_pages(pages)
        for file in files:
            if file.kind is FileKind.LIST:
                self._take_list(file)
        with self._archive.reading() as connection:
            outcomes, reasons = runs.count_outcomes(connection, self._runs)
        return BackfillReport(
            outcomes=outcomes,
            reasons=reasons,
            faults=[_told(path, *fault) for path, fault in self._faults.items()],
            line_down=self._line_down,
        )

    def _begin(self, connection: sa.Connection) -> Run:
        heal(connection, self._archive.pages)
        save_sources(connection, self._catalogue.sources)
        save_found(connection, [self._nobody], found_by=BACKFILL)
        run = runs.start_run(
            connection,
            now=self._clock(),
            version=__version__,
            sources_hash=self._catalogue.hash,
            job=Job.BACKFILL,
        )
        self._runs.append(run.id)
        return run

    def _source_of(self, url: str) -> str:
        found = self._outlets.find(url, via=self._nobody).id
        return found if found in self._enabled else BACKFILL

    def _note(self, file: CrawlFile, what: str) -> None:
        first, count = self._faults.get(file.path, (what, 0))
        self._faults[file.path] = (first, count + 1)

    # --- pages -----------------------------------------------------------------

    def _take_pages(self, files: Sequence[CrawlFile]) -> None:
        with ExitStack() as stack:
            stack.enter_context(self._archive.only_writer())
            stack.callback(self._archive.pages.close)
            with self._archive.writing() as connection:
                run = self._begin(connection)
                filed = {source.id: source for source in all_sources(connection)}
            self._archive.pages.begin(run.pages_file)
            known = {source.id: source for source in (*self._catalogue.sources, self._nobody)}
            desk = Desk(
                self._archive,
                self._readers,
                sources=filed | known,
                outlets=self._outlets,
                follow_up=False,
            )
            intake = Intake(self._archive, desk, run, self._source_of)
            for batch in batches(self._arrivals(files)):
                stored = intake.file(batch, now=self._clock())
                self._move(addresses=len(batch), stored=stored)
            with self._archive.writing() as connection:
                runs.end_run(connection, run.id, now=self._clock())

    def _move(self, *, addresses: int, stored: int) -> None:
        so_far = self._progress
        self._progress = replace(
            so_far, addresses=so_far.addresses + addresses, stored=so_far.stored + stored
        )
        self._show(self._progress)

    def _arrivals(self, files: Sequence[CrawlFile]) -> Iterator[Arrival]:
        done = self._progress.bytes_done
        for file in files:
            arrivals = self._records(file) if file.kind is FileKind.WARC else self._saved(file)
            for arrival, position in arrivals:
                self._progress = replace(self._progress, bytes_done=done + position)
                yield arrival
            done += file.size

    def _records(self, file: CrawlFile) -> Iterator[tuple[Arrival, int]]:
        most = self._settings.page_bytes
        is_empty = True
        for record in read_records(file.path, most=block_bytes(most)):
            is_empty = False
            if isinstance(record, Damage):
                self._note(file, f"{record.what}, at byte {record.offset}")
                continue
            now = self._clock()
            arrival = arrival_of_record(record, saved_at=file.saved_at, now=now, max_bytes=most)
            if arrival:
                yield arrival, record.position
        if is_empty:
            self._note(file, "no page in it")

    def _saved(self, file: CrawlFile) -> Iterator[tuple[Arrival, int]]:
        saved = read_saved(file.path, most=self._settings.page_bytes)
        if saved.damage:
            self._note(file, saved.damage.what)
            return
        arrival = arrival_of_saved(saved, str(file.path), saved_at=file.saved_at, now=self._clock())
        if isinstance(arrival, Missed):
            self._note(file, _WHY.get(arrival.reason, str(arrival.reason)))
        yield arrival, file.size

    # --- lists -----------------------------------------------------------------

    def _take_list(self, file: CrawlFile) -> None:
        done = self._progress.bytes_done
        lines = read_lines(file.path)
        while chunk := list(islice(lines, LIST_CHUNK)):
            places, bad = self._places(file, chunk)
            due = self._take_in(places, bad=bad)
            positions = [line.position for line in chunk if isinstance(line, Line)]
            at = done + max(positions, default=0)
            self._progress = replace(self._progress, bytes_done=at)
            self._move(addresses=len(places) + bad, stored=0)
            if due and not self._line_down:
                self._collect()

    def _places(
        self, file: CrawlFile, chunk: Sequence[Line | Damage]
    ) -> tuple[dict[str, Place], int]:
        """Return the addresses of lines, by key, and how many lines have none."""
        places: dict[str, Place] = {}
        bad = 0
        for line in chunk:
            if isinstance(line, Damage):
                self._note(file, line.what)
                continue
            try:
                place = place_of(line.text)
            except ValueError as error:
                bad += 1
                self._note(file, f"line {line.number}: {Reason.BAD_ADDRESS}: {error}")
            else:
                places.setdefault(place.key, place)
        return places, bad

    def _take_in(self, places: Mapping[str, Place], *, bad: int) -> bool:
        """File addresses as due; tell whether there are any to fetch."""
        with self._archive.only_writer(), self._archive.writing() as connection:
            known = addresses.find_known(connection, places)
            seen_before = set(self._runs)
            run = self._begin(connection)
            now = run.started_at
            new = {
                key: address_of(place.url, self._source_of(place.url), now)
                for key, place in places.items()
                if key not in known
            }
            addresses.take_in(connection, new, due_at=now)
            left = {key: one for key, one in known.items() if one.run_id not in seen_before}
            again = {key: one for key, one in left.items() if _is_to_fetch(one, now)}
            addresses.make_due(connection, self._by_source(again.values()), due_at=now)
            idle = [one.due.id for key, one in left.items() if key not in again]
            addresses.count_unchanged(connection, run.id, idle)
            counts: runs.Endings = {(Outcome.REJECTED, Reason.BAD_ADDRESS): bad}
            runs.count_endings(connection, run.id, {BACKFILL: counts})
            runs.end_run(connection, run.id, now=now)
        return bool(new or again)

    def _by_source(self, known: Iterable[KnownAddress]) -> dict[int, str]:
        """Return for which source each address is fetched: one that the collector fetches for."""
        sources = ((one.due.id, one.due.source_id, one.due.url) for one in known)
        return {
            number: source_id if source_id in self._enabled else self._source_of(url)
            for number, source_id, url in sources
        }

    def _collect(self) -> None:
        before = self._progress

        def tell(so_far: Collected) -> None:
            self._progress = replace(before, stored=before.stored + so_far.stored)
            self._show(self._progress)

        report = collect(
            self._archive,
            self._catalogue,
            self._settings,
            clock=self._clock,
            feeds=False,
            show=tell,
            readers=self._readers,
        )
        self._runs.append(report.run_id)
        self._line_down = report.line_down


#: What is said of a saved page that could not be taken in.
_WHY = {Reason.BAD_ADDRESS: "it does not say from which address it was saved"}


def _told(path: Path, first: str, count: int) -> str:
    more = f"; and {count - 1} more of its like" if count > 1 else ""
    return f"{path}: {first}{more}"


def _is_to_fetch(one: KnownAddress, now: datetime) -> bool:
    """Whether an address of a list is fetched: its host may have asked for a pause."""
    return one.wants_page and (one.due_at is None or one.due_at <= now)
