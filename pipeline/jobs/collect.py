"""The collector: poll the feeds, fetch what is due, read it, file it.

Three kinds of worker, joined by one queue of events:

- threads fetch, each alone with its host (`workers.HostQueues`);
- processes read pages (`jobs.reading`);
- the calling thread decides and files. It takes what has come in and files it
  in one transaction, so that a busy archive is not forced to the disk for each
  page; the raw pages are on the disk before the rows that name them.

What is stored says what is left: an address stays due until its outcome is
filed, so a kill at any moment costs the pages in flight, and the next run
fetches them.
"""

import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

import sqlalchemy as sa

from pipeline import __version__
from pipeline.errors import FetchError, PostponedError, StatusError
from pipeline.jobs.polling import asking, poll_feed
from pipeline.jobs.readers import Readers, Result
from pipeline.jobs.reading import ReadingTask
from pipeline.jobs.workers import HostQueues
from pipeline.model import (
    Outcome,
    Page,
    ReadArticle,
    Reason,
    Rejection,
    Relevance,
    Verdict,
)
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store import filing, intake
from pipeline.store.database import Archive
from pipeline.store.filing import Filed, Filing
from pipeline.store.intake import DueAddress, Ending, FeedState, Poll
from pipeline.store.pages import PageLocation
from pipeline.urls import normalize_url
from pipeline.web.asking import Asker
from pipeline.web.clock import Clock
from pipeline.web.pacing import StoppedError, host_of

#: Pages fetched and not filed yet: enough to keep the readers busy, few enough
#: that memory does not grow with the world.
IN_FLIGHT = 64

#: Seconds to gather what is filed in one transaction: each forces the disk twice, and
#: nobody waits for a row. What is gathered and lost in a kill is fetched again.
GATHER = 0.1

#: How often a page is tried again, and the first pause; each next one is double.
#: Together about a week: what is down longer has left the feeds. A little less than
#: the hour between two runs, so that the next run finds it due.
ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=50)

#: A host that always wants a rest is asked for a page for so long.
PATIENCE = timedelta(days=30)

#: Reasons that may be gone by the next run.
_PASSING = {
    Reason.DNS,
    Reason.UNREACHABLE,
    Reason.TIMEOUT,
    Reason.TRUNCATED,
    Reason.TLS,
    Reason.BAD_REPLY,
    Reason.RATE_LIMITED,
    Reason.SERVER_ERROR,
}

#: Rejections in which the extractor may be wrong: the page is kept, to be read again.
_DOUBTFUL = {
    Reason.EMPTY,
    Reason.TOO_SHORT,
    Reason.SOFT_404,
    Reason.CONSENT_WALL,
    Reason.BLOCK_PAGE,
    Reason.LOGIN_WALL,
    Reason.LISTING_PAGE,
    Reason.UNREADABLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What a run of the collector did."""

    run_id: int
    feeds_polled: int
    feeds_failed: Mapping[str, str]  # feed address → why
    outcomes: Mapping[Outcome, int]  # add up to the addresses seen
    reasons: Mapping[str, int]  # of the rejected and failed

    @property
    def all_failed(self) -> bool:
        """Whether not one feed answered."""
        return self.feeds_polled > 0 and len(self.feeds_failed) == self.feeds_polled


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run has come; handed to whoever shows it."""

    feeds: int = 0
    feeds_done: int = 0
    feeds_failed: int = 0
    pages: int = 0
    pages_done: int = 0
    stored: int = 0

    @property
    def open(self) -> int:
        """Polls and pages that are still to be filed."""
        return self.feeds - self.feeds_done + self.pages - self.pages_done


@dataclass(frozen=True, slots=True)
class _Fetched:
    address: DueAddress
    page: Page


@dataclass(frozen=True, slots=True)
class _Failed:
    address: DueAddress
    error: FetchError


@dataclass(frozen=True, slots=True)
class _Read:
    address: DueAddress
    page: Page
    result: Result


_ToFile = Poll | _Failed | _Read
_Event = _ToFile | _Fetched | BaseException


def collect(  # noqa: PLR0913 - what a run needs, each by its name
    archive: Archive,
    catalogue: Catalogue,
    settings: Settings,
    *,
    clock: Clock,
    show: Callable[[Progress], None] = lambda _: None,
    readers: Readers | None = None,
) -> CollectReport:
    """Poll every enabled source once and file what it brought.

    A source that fails costs only itself.

    Args:
        archive: where it is filed.
        catalogue: the topic and the sources.
        settings: how to ask, and how much.
        clock: the moment of polls and pages.
        show: told how far the run has come.
        readers: the processes that read the pages, for several runs in a row; None: the
            run has its own.

    Raises:
        StoreError: the archive cannot be written, or another run writes to it.
    """
    with ExitStack() as stack:
        stack.enter_context(archive.only_writer())
        stack.callback(archive.pages.close)
        if readers is None:
            readers = stack.enter_context(Readers(catalogue.topic))
        return _Run(archive, catalogue, settings, clock=clock, show=show, readers=readers).work()


def decide_failure(address: DueAddress, error: FetchError, *, now: datetime) -> Ending:
    """Decide whether and when a page that could not be fetched is tried again."""
    attempts, due_at = address.attempts + 1, None
    if isinstance(error, PostponedError):
        attempts -= 1
        due_at = error.retry_at if now - address.first_seen_at < PATIENCE else None
    elif error.reason in _PASSING and attempts < ATTEMPTS:
        due_at = now + FIRST_PAUSE * 2**address.attempts
        if isinstance(error, StatusError) and error.retry_at:
            due_at = max(due_at, error.retry_at)
    return Ending(
        address=address,
        outcome=Outcome.FAILED,
        reason=error.reason,
        detail=error.detail,
        due_at=due_at,
        attempts=attempts,
    )


class _Run:
    """One run. `_poll` and `_fetch` run in the threads, all else in the calling thread."""

    def __init__(  # noqa: PLR0913 - as `collect`
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
        self._sources = {source.id: source for source in catalogue.sources}
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._hosts = HostQueues()
        self._slots = threading.Semaphore(IN_FLIGHT)
        self._readers = readers
        self._asker = Asker(settings, clock=clock)
        self._failed_feeds: dict[str, str] = {}
        self._progress = Progress()

    def work(self) -> CollectReport:
        """Do the run; what is interrupted is closed down in order and stays due."""
        self._begin()
        threads = [
            threading.Thread(target=self._hosts.work, name=f"fetch-{n}", daemon=True)
            for n in range(self._settings.hosts_at_once)
        ]
        for thread in threads:
            thread.start()
        try:
            while self._progress.open:
                self._save(self._gather())
        finally:
            self._stop(threads)
        return self._end()

    def _begin(self) -> None:
        with self._archive.writing() as connection:
            self._heal(connection)
            states = intake.save_sources(connection, self._catalogue.sources)
            self._run = intake.start_run(
                connection,
                now=self._clock(),
                version=__version__,
                sources_hash=self._catalogue.hash,
            )
            enabled = [source.id for source in self._catalogue.sources if source.enabled]
            left = intake.find_due(connection, enabled, now=self._run.started_at)
        self._archive.pages.begin(self._run.pages_file)
        self._progress = Progress(feeds=len(states))
        for state in states:
            self._hosts.put(host_of(state.feed.url), partial(self._poll, state))
        self._add(left)

    def _heal(self, connection: sa.Connection) -> None:
        """Cut off what runs that were killed wrote and did not come to name."""
        ends = filing.page_ends(connection)
        for name in intake.killed_runs(connection):
            self._archive.pages.cut(name, ends.get(name, 0))

    def _add(self, due: Sequence[DueAddress]) -> None:
        self._progress = replace(self._progress, pages=self._progress.pages + len(due))
        for address in due:
            self._hosts.put(host_of(address.url), partial(self._fetch, address))

    def _stop(self, threads: Sequence[threading.Thread]) -> None:
        self._hosts.close()
        self._asker.stop()
        self._slots.release(len(threads))
        for thread in threads:
            thread.join()

    def _end(self) -> CollectReport:
        with self._archive.writing() as connection:
            intake.end_run(connection, self._run.id, now=self._clock())
            outcomes, reasons = intake.count_outcomes(connection, [self._run.id])
        return CollectReport(
            run_id=self._run.id,
            feeds_polled=self._progress.feeds,
            feeds_failed=self._failed_feeds,
            outcomes=outcomes,
            reasons=reasons,
        )

    # --- in the threads ----------------------------------------------------

    def _poll(self, state: FeedState) -> None:
        ask = asking(self._asker, state.feed, self._settings)
        with self._bugs_reported():
            self._events.put(poll_feed(state, ask, self._settings, now=self._clock()))

    def _fetch(self, address: DueAddress) -> None:
        self._slots.acquire()
        with self._bugs_reported():
            try:
                page = self._asker.ask(address.url, max_bytes=self._settings.page_bytes)
            except FetchError as error:
                self._events.put(_Failed(address, error))
            else:
                self._events.put(_Fetched(address, page))

    @contextmanager
    def _bugs_reported(self) -> Iterator[None]:
        """Let a bug in a thread stop the run, not only its thread."""
        try:
            yield
        except StoppedError:
            return  # the run is ending: the address stays due
        except Exception as error:  # noqa: BLE001 - handed over, not swallowed
            self._events.put(error)

    # --- in the calling thread ---------------------------------------------

    def _gather(self) -> list[_ToFile]:
        """Wait for something to file, then a little longer for more of it."""
        gathered: list[_ToFile] = []
        wait = None
        ends = 0.0
        with suppress(queue.Empty):
            while len(gathered) < IN_FLIGHT:
                event = self._events.get(timeout=wait)
                if isinstance(event, BaseException):
                    raise event
                if isinstance(event, _Fetched):
                    self._read(event)
                else:
                    gathered.append(event)
                    ends = ends or monotonic() + GATHER
                wait = max(0.0, ends - monotonic()) if gathered else None
        return gathered

    def _read(self, fetched: _Fetched) -> None:
        address, page = fetched.address, fetched.page
        task = ReadingTask(
            page=replace(page, sent_body=b""),
            source=self._sources[address.source_id],
            title=address.title,
            published_at=address.published_at,
            language=address.language,
        )

        def done(result: Result | BaseException) -> None:
            if isinstance(result, BaseException):
                self._events.put(result)
            else:
                self._events.put(_Read(address, page, result))

        self._readers.read(task, done)

    def _save(self, events: Sequence[_ToFile]) -> None:
        polls = [event for event in events if isinstance(event, Poll)]
        failed = [event for event in events if isinstance(event, _Failed)]
        read = [event for event in events if isinstance(event, _Read)]
        fresh: list[DueAddress] = []
        with self._archive.writing() as connection:
            for poll in polls:
                fresh += intake.save_poll(connection, self._run, poll)
            now = self._clock()
            endings = [decide_failure(one.address, one.error, now=now) for one in failed]
            endings += self._save_read(connection, read)
            intake.save_endings(connection, self._run.id, endings)
            self._archive.pages.sync()
        if endings:
            self._slots.release(len(endings))
        self._add(fresh)
        self._note(polls, endings)

    def _save_read(self, connection: sa.Connection, read: Sequence[_Read]) -> list[Ending]:
        filings, endings, doubtful = [], [], []
        for one in read:
            match one.result:
                case ReadArticle():
                    filings.append(_filing(one, one.result))
                case Relevance():
                    endings.append(Ending(address=one.address, outcome=Outcome.UNRELATED))
                case Rejection(reason=reason, detail=detail):
                    endings.append(
                        Ending(
                            address=one.address,
                            outcome=Outcome.REJECTED,
                            reason=reason,
                            detail=detail,
                        )
                    )
                    if reason in _DOUBTFUL:
                        doubtful.append((one.address, one.page))
        filing.save_pages(connection, doubtful, keep=self._keep)
        filed = filing.file_articles(connection, filings, keep=self._keep)
        return endings + [_ending(*pair) for pair in zip(filings, filed, strict=True)]

    def _keep(self, page: Page) -> PageLocation:
        return self._archive.pages.append(page)

    def _note(self, polls: Sequence[Poll], endings: Sequence[Ending]) -> None:
        failed = {poll.state.feed.url: poll.failure for poll in polls if poll.failure}
        self._failed_feeds |= failed
        so_far = self._progress
        stored = sum(ending.outcome is Outcome.STORED for ending in endings)
        self._progress = replace(
            so_far,
            feeds_done=so_far.feeds_done + len(polls),
            feeds_failed=so_far.feeds_failed + len(failed),
            pages_done=so_far.pages_done + len(endings),
            stored=so_far.stored + stored,
        )
        self._show(self._progress)


def _filing(one: _Read, read: ReadArticle) -> Filing:
    key = normalize_url(one.page.final_url)
    return Filing(address=one.address, key=key, page=one.page, read=read)


def _ending(one: Filing, filed: Filed) -> Ending:
    """An address that leads to an article we have is unchanged, whatever its spelling."""
    if not filed.is_new:
        outcome = Outcome.UNCHANGED
    elif one.read.relevance.verdict is Verdict.ABOUT:
        outcome = Outcome.STORED
    else:
        outcome = Outcome.MENTION
    return Ending(address=one.address, outcome=outcome, article_id=filed.article_id)
