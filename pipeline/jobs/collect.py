"""The collector: poll the feeds, fetch what is due, read it, file it.

Three kinds of worker, joined by one queue of events:

- threads fetch, each alone with its host (`workers.HostQueues`);
- processes read pages (`jobs.reading`);
- the calling thread decides and files (`jobs.desk`). It takes what has come in and files
  it in one transaction, so that a busy archive is not forced to the disk for each page.

Hosts that did not answer are judged at the end of the run: when most did not, the line is
down, and none of them is blamed.

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
from pipeline.errors import FetchError
from pipeline.jobs.desk import Desk, ReadPage
from pipeline.jobs.failures import SILENT, decide_failure, is_line_down, next_look
from pipeline.jobs.polling import asking, poll_feed
from pipeline.jobs.pools import LOOK_UP
from pipeline.jobs.readers import Readers
from pipeline.jobs.workers import HostQueues
from pipeline.model import Outcome, Page, Reason, RobotsFile
from pipeline.outlets import Outlets
from pipeline.settings import Settings
from pipeline.sources import Catalogue
from pipeline.store import addresses, robots, runs
from pipeline.store.addresses import DueAddress, Ending
from pipeline.store.database import Archive
from pipeline.store.healing import heal
from pipeline.store.polls import Poll, polls_since, save_poll
from pipeline.store.sources import FeedState, all_sources, hand_over, save_sources
from pipeline.web.asking import Asker
from pipeline.web.clock import Clock
from pipeline.web.locks import HostLocks
from pipeline.web.manners import manners_of
from pipeline.web.pacing import StoppedError, host_of
from pipeline.web.replies import NOT_MODIFIED
from pipeline.web.robots import STANDS_IN_FOR

#: Pages fetched and not filed yet: enough to keep the readers busy, few enough
#: that memory does not grow with the world.
IN_FLIGHT = 64

#: Seconds to gather what is filed in one transaction: each forces the disk twice, and
#: nobody waits for a row. What is gathered and lost in a kill is fetched again.
GATHER = 0.1

#: Polls of so long before count when the line is judged.
LATELY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What a run of the collector did."""

    run_id: int
    feeds_polled: int
    feeds_resting: int  # not due yet, or their host asked for a pause
    feeds_failed: Mapping[str, str]  # feed address → why
    outcomes: Mapping[Outcome, int]  # add up to the addresses seen
    reasons: Mapping[str, int]  # of the rejected and failed
    line_down: bool = False  # most hosts were silent

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


_ToFile = Poll | _Failed | ReadPage | _Fetched | RobotsFile
_Event = _ToFile | BaseException


def collect(  # noqa: PLR0913 - what a run needs, each by its name
    archive: Archive,
    catalogue: Catalogue,
    settings: Settings,
    *,
    clock: Clock,
    feeds: bool = True,
    only_due: bool = False,
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
        feeds: whether feeds are polled at all; else what is due is fetched.
        only_due: whether feeds are left out whose time has not come.
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
        run = _Run(
            archive,
            catalogue,
            settings,
            clock=clock,
            feeds=feeds,
            only_due=only_due,
            show=show,
            readers=readers,
        )
        return run.work()


class _Run:
    """One run. `_poll` and `_fetch` run in the threads, all else in the calling thread."""

    def __init__(  # noqa: PLR0913 - as `collect`
        self,
        archive: Archive,
        catalogue: Catalogue,
        settings: Settings,
        *,
        clock: Clock,
        feeds: bool,
        only_due: bool,
        show: Callable[[Progress], None],
        readers: Readers,
    ) -> None:
        self._archive = archive
        self._catalogue = catalogue
        self._settings = settings
        self._clock = clock
        self._feeds = feeds
        self._only_due = only_due
        self._show = show
        self._sources = {source.id: source for source in catalogue.sources}
        self._readers = readers
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._hosts = HostQueues()
        self._slots = threading.Semaphore(IN_FLIGHT)
        self._robots: dict[str, RobotsFile] = {}  # kept from earlier runs, by authority
        self._asker = Asker(
            settings,
            clock=clock,
            manners=manners_of(catalogue.sources),
            recall=self._robots.get,
            note=self._events.put,
            locks=HostLocks(archive.pages.host_locks, make=True),
        )
        self._failed_feeds: dict[str, str] = {}
        self._answered: set[str] = set()  # hosts
        self._unheard: list[Poll | _Failed] = []  # of silent hosts, filed at the end
        self._resting = 0
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
                if gathered := self._gather():
                    self._save(gathered)
        finally:
            self._stop(threads)
        return self._end()

    def _begin(self) -> None:
        with self._archive.writing() as connection:
            heal(connection, self._archive.pages)
            states = save_sources(connection, self._catalogue.sources)
            hand_over(connection, Outlets(self._catalogue.sources).owner_of)
            self._run = runs.start_run(
                connection,
                now=self._clock(),
                version=__version__,
                sources_hash=self._catalogue.hash,
            )
            left = addresses.find_due(connection, now=self._run.started_at)
            since = self._run.started_at - STANDS_IN_FOR
            self._robots |= robots.kept_robots(connection, since=since)
            for outlet in all_sources(connection):
                self._sources.setdefault(outlet.id, outlet)
            self._lately = polls_since(connection, self._run.started_at - LATELY)
        self._outlets = Outlets(self._sources.values())
        self._desk = Desk(
            self._archive,
            self._readers,
            sources=self._sources,
            outlets=self._outlets,
            follow_up=True,
        )
        self._archive.pages.begin(self._run.pages_file)
        wanted = states if self._feeds else []
        asked = [state for state in wanted if self._is_asked(state)]
        self._resting = len(wanted) - len(asked)
        self._progress = Progress(feeds=len(asked))
        for state in asked:
            self._hosts.put(host_of(state.feed.url), partial(self._poll, state))
        self._add(left)

    def _is_asked(self, state: FeedState) -> bool:
        """Whether a feed is polled now: a pause that its host asked for holds in any case."""
        now, longest = self._run.started_at, self._settings.bounds.longest
        due_at = state.due_at if self._only_due else None
        # What lies further ahead than any pause was noted by a clock that was wrong.
        return all(
            moment is None or moment <= now or moment > now + 2 * longest
            for moment in (state.held_until, due_at)
        )

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
        down = self._is_line_down()
        with self._archive.writing() as connection:
            self._save_unheard(connection, down=down)
            runs.end_run(connection, self._run.id, now=self._clock(), line_down=down)
            outcomes, reasons = runs.count_outcomes(connection, [self._run.id])
        return CollectReport(
            run_id=self._run.id,
            feeds_polled=self._progress.feeds,
            feeds_resting=self._resting,
            feeds_failed=self._failed_feeds,
            outcomes=outcomes,
            reasons=reasons,
            line_down=down,
        )

    def _is_line_down(self) -> bool:
        """Judge by this run and by those just before: on a schedule a run asks few hosts."""
        silent_now = {_host(one) for one in self._unheard}
        answered, silent = set(self._answered), set(silent_now)
        for url, reason in self._lately:
            if (host := host_of(url)) not in silent_now:  # else what it did before tells nothing
                (silent if reason in SILENT else answered).add(host)
        return is_line_down(answered, silent)

    def _save_unheard(self, connection: sa.Connection, *, down: bool) -> None:
        now, bounds = self._clock(), self._settings.bounds
        endings = []
        for one in self._unheard:
            if isinstance(one, Poll):
                save_poll(connection, self._run, one, bounds=bounds, blame=not down)
            else:
                ending = decide_failure(one.address, one.error, now=now)
                attempts = one.address.attempts
                # With the line, the pages come back: they stay due as they were.
                spared = replace(ending, due_at=now, attempts=attempts)
                endings.append(spared if down else ending)
        addresses.save_endings(connection, self._run.id, endings)

    # --- in the threads ----------------------------------------------------

    def _poll(self, state: FeedState) -> None:
        ask = asking(self._asker, state.feed, self._settings)
        with self._bugs_reported():
            poll = poll_feed(state, ask, self._settings, outlets=self._outlets, now=self._clock())
            self._events.put(poll)

    def _fetch(self, address: DueAddress) -> None:
        self._slots.acquire()
        with self._bugs_reported():
            try:
                page = self._asker.ask(
                    address.url,
                    max_bytes=self._settings.page_bytes,
                    validators=address.validators,
                )
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
        """Wait a moment for something to file, then a little longer for more of it."""
        gathered: list[_ToFile] = []
        wait = LOOK_UP
        ends = 0.0
        with suppress(queue.Empty):
            while len(gathered) < IN_FLIGHT:
                event = self._events.get(timeout=wait)
                if isinstance(event, BaseException):
                    raise event
                if isinstance(event, _Fetched) and event.page.status != NOT_MODIFIED:
                    self._desk.read(event.address, event.page, self._events.put)
                else:
                    gathered.append(event)
                    ends = ends or monotonic() + GATHER
                wait = max(0.0, ends - monotonic()) if gathered else LOOK_UP
        return gathered

    def _save(self, events: Sequence[_ToFile]) -> None:
        silent: list[Poll | _Failed] = []
        heard: list[_ToFile] = []
        for one in events:
            if isinstance(one, Poll | _Failed) and _is_silence(one):
                silent.append(one)
            else:
                heard.append(one)
        self._unheard += silent
        self._answered |= {host for one in heard if (host := _answering_host(one))}
        polls = [one for one in heard if isinstance(one, Poll)]
        with self._archive.writing() as connection:
            fresh = [due for poll in polls for due in self._save_poll(connection, poll)]
            endings = self._end_addresses(connection, heard)
            addresses.save_endings(connection, self._run.id, endings)
            robots.save_robots(connection, [one for one in heard if isinstance(one, RobotsFile)])
            self._archive.pages.sync()
        if fresh:
            self._readers.warm_up()
        self._add(fresh)
        polls += [one for one in silent if isinstance(one, Poll)]
        pages = len(endings) + sum(isinstance(one, _Failed) for one in silent)
        if pages:
            self._slots.release(pages)
        stored = sum(ending.outcome is Outcome.STORED for ending in endings)
        self._note(polls, pages=pages, stored=stored)

    def _save_poll(self, connection: sa.Connection, poll: Poll) -> list[DueAddress]:
        for outlet in poll.outlets.values():
            self._sources.setdefault(outlet.id, outlet)
        return save_poll(connection, self._run, poll, bounds=self._settings.bounds)

    def _end_addresses(self, connection: sa.Connection, heard: Sequence[_ToFile]) -> list[Ending]:
        now = self._clock()
        endings = [
            decide_failure(one.address, one.error, now=now)
            for one in heard
            if isinstance(one, _Failed)
        ]
        endings += [_unchanged(one.address, now) for one in heard if isinstance(one, _Fetched)]
        read = [one for one in heard if isinstance(one, ReadPage)]
        return endings + self._desk.file(connection, read, now=now)

    def _note(self, polls: Sequence[Poll], *, pages: int, stored: int) -> None:
        failed = {poll.state.feed.url: poll.failure for poll in polls if poll.failure}
        self._failed_feeds |= failed
        so_far = self._progress
        self._progress = replace(
            so_far,
            feeds_done=so_far.feeds_done + len(polls),
            feeds_failed=so_far.feeds_failed + len(failed),
            pages_done=so_far.pages_done + pages,
            stored=so_far.stored + stored,
        )
        self._show(self._progress)


def _reason(one: Poll | _Failed) -> Reason | None:
    return one.reason if isinstance(one, Poll) else one.error.reason


def _is_silence(one: Poll | _Failed) -> bool:
    """Tell whether a host did not answer, or was let alone since it had not answered before."""
    return _reason(one) in SILENT


def _answering_host(one: _ToFile) -> str | None:
    """Return the host that gave an answer, whatever it was; None if none was heard."""
    return None if isinstance(one, RobotsFile) else _host(one)


def _host(one: Poll | _Failed | ReadPage | _Fetched) -> str:
    return host_of(one.state.feed.url if isinstance(one, Poll) else one.address.url)


def _unchanged(address: DueAddress, now: datetime) -> Ending:
    """The end of an article that was looked at again and has not changed, as its host says."""
    return Ending(
        address=address,
        outcome=Outcome.UNCHANGED,
        due_at=next_look(address, now),
        article_id=address.article_id,
    )
